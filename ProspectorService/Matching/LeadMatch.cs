using Microsoft.EntityFrameworkCore;
using Shabou.Schema;

namespace Shabou.ProspectorService.Matching;

/// <summary>Finds the lead that a place is, and whether it may be one.</summary>
/// <remarks>One by its Google id; else by its phone, else by its site's domain, else one within <see cref="NearMetres"/> whose name is as similar as
/// <see cref="NameSimilarity"/>. Names and positions are Google's content: they are matched only while it lives.</remarks>
internal sealed class LeadMatch(ShabouContext context)
{
    /// <summary>How far apart two places of the same business may lie.</summary>
    public const double NearMetres = 100;

    /// <summary>PostgreSQL's similarity() of the two normalised names: "garage ben ali" and "garage benali" have 0.71, "garage ben ali" and "garage ben salah" 0.52.</summary>
    public const double NameSimilarity = 0.7;

    private const double MetresPerDegree = 111_195; // of latitude, on a sphere of 6,371 km
    private const long Lock = 7_306_101; // the same in every replica, for ever

    /// <summary>Waits until no other transaction stores leads or suppressions, so that two that find the same business make one lead, and none
    /// makes one that is being suppressed. The end of the transaction lets the next one in; a page takes some hundredths of a second.</summary>
    public static Task LockAsync(ShabouContext context, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Lock})", cancellationToken);

    public async Task<Found> FindAsync(PlacePrint place, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var north = NearMetres / MetresPerDegree;
        var metresPerDegreeEast = MetresPerDegree * Math.Cos((place.Latitude ?? 0) * Math.PI / 180);
        var east = NearMetres / Math.Max(metresPerDegreeEast, 1);
        return await context.Database.SqlQuery<Found>($"""
            SELECT
                EXISTS (SELECT 1 FROM prospector.suppressions WHERE hash = {place.PlaceHash} AND kind = 'PlaceId'
                    OR hash = {place.PhoneHash}::bytea AND kind = 'Phone' OR hash = {place.DomainHash}::bytea AND kind = 'Domain') AS "Suppressed",
                coalesce(
                    (SELECT lead_id FROM prospector.lead_places WHERE place_id = {place.PlaceId}),
                    (SELECT lead_id FROM prospector.lead_places WHERE phone_hash = {place.PhoneHash}::bytea ORDER BY first_seen_at, place_id LIMIT 1),
                    (SELECT lead_id FROM prospector.lead_places WHERE domain_hash = {place.DomainHash}::bytea ORDER BY first_seen_at, place_id LIMIT 1),
                    (SELECT lead_id FROM prospector.google_content
                     WHERE latitude BETWEEN {place.Latitude}::float8 - {north} AND {place.Latitude}::float8 + {north}
                       AND longitude BETWEEN {place.Longitude}::float8 - {east} AND {place.Longitude}::float8 + {east}
                       AND sqrt(power((latitude - {place.Latitude}::float8) * {MetresPerDegree}, 2) + power((longitude - {place.Longitude}::float8) * {metresPerDegreeEast}, 2)) <= {NearMetres}
                       AND public.similarity(match_name, {place.Name}) >= {NameSimilarity} AND expires_at > {now}
                     ORDER BY public.similarity(match_name, {place.Name}) DESC, lead_id LIMIT 1)) AS "LeadId"
            """).SingleAsync(cancellationToken);
    }

    /// <param name="Suppressed">It must not become a lead.</param>
    /// <param name="LeadId">The lead that it is; null when it is new.</param>
    internal sealed record Found(bool Suppressed, Guid? LeadId);
}
