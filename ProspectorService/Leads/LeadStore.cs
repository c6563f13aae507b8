using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shabou.ProspectorService.Places;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Leads;

/// <summary>Stores found places as leads, each Google id once, whoever finds it and however often.</summary>
internal sealed class LeadStore(ShabouContext context, IOptions<LeadOptions> options, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Stores a page within the caller's transaction. Stages and other facts of our own are never touched.</summary>
    /// <param name="places">The page; an id in it twice is one lead.</param>
    /// <param name="governorate">Where it was searched.</param>
    /// <param name="campaignId">For which campaign.</param>
    /// <param name="runId">By which run.</param>
    /// <param name="cancellationToken">Stops between statements.</param>
    /// <returns>How many leads did not exist before.</returns>
    public async Task<int> StoreAsync(
        IReadOnlyList<FoundPlace> places, string governorate, Guid campaignId, Guid runId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // In the order of their ids, so that two runs that find the same places lock them in the same order.
        var distinct = places.DistinctBy(place => place.PlaceId).OrderBy(place => place.PlaceId, StringComparer.Ordinal)
            .Select(place => (Id: Guid.CreateVersion7(now), Place: place)).ToList();
        if (distinct.Count == 0) return 0;

        var rows = JsonSerializer.Serialize(distinct.Select(row => new { row.Id, row.Place.PlaceId }), Json);
        var stored = await context.Database.SqlQuery<LeadKey>($"""
            INSERT INTO prospector.leads (id, place_id, stage, governorate, first_seen_at, last_seen_at)
            SELECT id, place_id, {nameof(LeadStage.New)}, {governorate}, {now}, {now} FROM jsonb_to_recordset({rows}::jsonb) AS p(id uuid, place_id text)
            ON CONFLICT (place_id) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at
            RETURNING id AS "Id", place_id AS "PlaceId"
            """).ToListAsync(cancellationToken);
        var ids = stored.ToDictionary(lead => lead.PlaceId, lead => lead.Id);

        await context.Database.ExecuteSqlAsync($"""
            INSERT INTO prospector.campaign_leads (campaign_id, lead_id, run_id)
            SELECT {campaignId}, id, {runId} FROM unnest({ids.Values.ToArray()}) AS id ON CONFLICT DO NOTHING
            """, cancellationToken);
        if (options.Value.GoogleContentTtl > TimeSpan.Zero) await StoreContentAsync(distinct.Select(row => Row(ids[row.Place.PlaceId], row.Place)), now, cancellationToken);
        return distinct.Count(row => ids[row.Place.PlaceId] == row.Id);
    }

    private Task<int> StoreContentAsync(IEnumerable<object> content, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = JsonSerializer.Serialize(content, Json);
        var expires = now + options.Value.GoogleContentTtl;
        return context.Database.ExecuteSqlAsync($"""
            INSERT INTO prospector.google_content
                (lead_id, name, address, latitude, longitude, national_phone, international_phone, website, rating, business_status, types, fetched_at, expires_at)
            SELECT c.lead_id, c.name, c.address, c.latitude, c.longitude, c.national_phone, c.international_phone, c.website, c.rating, c.business_status, c.types, {now}, {expires}
            FROM jsonb_to_recordset({rows}::jsonb) AS c(
                lead_id uuid, name text, address text, latitude double precision, longitude double precision, national_phone text,
                international_phone text, website text, rating double precision, business_status text, types text[])
            ON CONFLICT (lead_id) DO UPDATE SET
                (name, address, latitude, longitude, national_phone, international_phone, website, rating, business_status, types, fetched_at, expires_at)
                = (EXCLUDED.name, EXCLUDED.address, EXCLUDED.latitude, EXCLUDED.longitude, EXCLUDED.national_phone, EXCLUDED.international_phone, EXCLUDED.website,
                   EXCLUDED.rating, EXCLUDED.business_status, EXCLUDED.types, EXCLUDED.fetched_at, EXCLUDED.expires_at)
            """, cancellationToken);
    }

    private static object Row(Guid leadId, FoundPlace place) => new
    {
        LeadId = leadId, place.Name, place.Address, place.Latitude, place.Longitude, place.NationalPhone, place.InternationalPhone,
        place.Website, place.Rating, place.BusinessStatus, place.Types,
    };

    private sealed record LeadKey(Guid Id, string PlaceId);
}
