using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shabou.ProspectorService.Matching;
using Shabou.ProspectorService.Places;
using Shabou.ProspectorService.Regions;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Leads;

/// <summary>For whom a page was searched.</summary>
/// <param name="Location">The campaign's location; null in a grid, where each place says where it lies.</param>
internal sealed record FoundFor(Guid CampaignId, Guid RunId, string? Location)
{
    public const string Unknown = "Tunisie";

    public string GovernorateOf(FoundPlace place) => Location is not null
        ? Governorates.Find(Location)?.Name ?? Location
        : place is { Latitude: { } latitude, Longitude: { } longitude } ? Governorates.Nearest(latitude, longitude).Name : Unknown;
}

/// <summary>What became of a page's places.</summary>
internal sealed record StoredPage(int Created, int Suppressed);

/// <summary>Stores found places as leads, each business once, whoever finds it and however often.</summary>
internal sealed class LeadStore(ShabouContext context, LeadMatch matches, IOptions<LeadOptions> options, TimeProvider time)
{
    /// <summary>Stores a page within the caller's transaction. Stages and other facts of our own are never touched.</summary>
    /// <remarks>Place by place under a lock, so that doubles within the page and across workers meet.</remarks>
    public async Task<StoredPage> StoreAsync(IReadOnlyList<FoundPlace> places, FoundFor found, CancellationToken cancellationToken)
    {
        if (places.Count == 0) return new(0, 0);
        await LeadMatch.LockAsync(context, cancellationToken);
        var now = time.GetUtcNow();
        var (created, suppressed) = (0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var place in places.DistinctBy(place => place.PlaceId))
        {
            var print = PlacePrint.Of(place);
            var match = await matches.FindAsync(print, now, cancellationToken);
            if (match.Suppressed)
            {
                suppressed.Add(place.PlaceId);
                continue;
            }
            var governorate = found.GovernorateOf(place);
            var lead = match.LeadId ?? await CreateAsync(place.PlaceId, governorate, now, cancellationToken);
            if (match.LeadId is null) created++;
            await SeeAsync(lead, print, found, now, cancellationToken);
            await DescribeAsync(lead, place, print, now, cancellationToken);
        }
        return new(created, places.Count(place => suppressed.Contains(place.PlaceId)));
    }

    private async Task<Guid> CreateAsync(string placeId, string governorate, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(now);
        await context.Database.ExecuteSqlAsync($"""
            INSERT INTO prospector.leads (id, place_id, stage, governorate, first_seen_at, last_seen_at) VALUES ({id}, {placeId}, {nameof(LeadStage.New)}, {governorate}, {now}, {now})
            """, cancellationToken);
        return id;
    }

    private Task<int> SeeAsync(Guid lead, PlacePrint print, FoundFor found, DateTimeOffset now, CancellationToken cancellationToken) => context.Database.ExecuteSqlAsync($"""
        INSERT INTO prospector.lead_places (place_id, lead_id, place_hash, phone_hash, domain_hash, first_seen_at, last_seen_at)
        VALUES ({print.PlaceId}, {lead}, {print.PlaceHash}, {print.PhoneHash}::bytea, {print.DomainHash}::bytea, {now}, {now})
        ON CONFLICT (place_id) DO UPDATE SET phone_hash = EXCLUDED.phone_hash, domain_hash = EXCLUDED.domain_hash, last_seen_at = EXCLUDED.last_seen_at;
        UPDATE prospector.leads SET last_seen_at = {now} WHERE id = {lead};
        INSERT INTO prospector.campaign_leads (campaign_id, lead_id, run_id) VALUES ({found.CampaignId}, {lead}, {found.RunId}) ON CONFLICT DO NOTHING
        """, cancellationToken);

    // A lead with several places is described by one of them, as long as that one's content lives: else each sweep would turn it to and fro.
    private async Task DescribeAsync(Guid lead, FoundPlace place, PlacePrint print, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await context.GoogleContents.AnyAsync(c => c.LeadId == lead && c.PlaceId != null && c.PlaceId != place.PlaceId && c.ExpiresAt > now, cancellationToken)) return;
        var governorate = await context.Leads.Where(l => l.Id == lead).Select(l => l.Governorate).SingleAsync(cancellationToken);
        var score = LeadScore.Of(new(
            place.BusinessStatus, place.Types, print.PhoneHash is not null, print.DomainHash is not null, place.Rating, options.Value.IsHome(governorate)));
        var reasons = JsonSerializer.Serialize(score.Reasons, JsonSerializerOptions.Web);
        await context.Database.ExecuteSqlAsync($"""
            UPDATE prospector.leads SET score = {score.Value}, score_version = {score.Version}, score_reasons = {reasons}::jsonb
            WHERE id = {lead} AND (score, score_version, score_reasons) IS DISTINCT FROM ({score.Value}, {score.Version}, {reasons}::jsonb)
            """, cancellationToken);
        if (options.Value.GoogleContentTtl > TimeSpan.Zero) await KeepAsync(lead, place, print, now, cancellationToken);
    }

    private Task<int> KeepAsync(Guid lead, FoundPlace place, PlacePrint print, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var expires = now + options.Value.GoogleContentTtl;
        var types = place.Types.ToArray();
        return context.Database.ExecuteSqlAsync($"""
            INSERT INTO prospector.google_content
                (lead_id, place_id, name, match_name, address, latitude, longitude, national_phone, international_phone, website, rating, business_status, types, fetched_at, expires_at)
            VALUES ({lead}, {place.PlaceId}, {place.Name}, {print.Name}, {place.Address}::text, {place.Latitude}::float8, {place.Longitude}::float8, {place.NationalPhone}::text,
                {place.InternationalPhone}::text, {place.Website}::text, {place.Rating}::float8, {place.BusinessStatus}::text, {types}, {now}, {expires})
            ON CONFLICT (lead_id) DO UPDATE SET
                (place_id, name, match_name, address, latitude, longitude, national_phone, international_phone, website, rating, business_status, types, fetched_at, expires_at)
                = (EXCLUDED.place_id, EXCLUDED.name, EXCLUDED.match_name, EXCLUDED.address, EXCLUDED.latitude, EXCLUDED.longitude, EXCLUDED.national_phone,
                   EXCLUDED.international_phone, EXCLUDED.website, EXCLUDED.rating, EXCLUDED.business_status, EXCLUDED.types, EXCLUDED.fetched_at, EXCLUDED.expires_at)
            """, cancellationToken);
    }
}
