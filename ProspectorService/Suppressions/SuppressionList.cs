using Microsoft.EntityFrameworkCore;
using Shabou.ProspectorService.Audit;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Suppressions;

/// <summary>Who must not be prospected: asked where leads are found, contacts added, and leads exported.</summary>
internal static class SuppressionList
{
    /// <summary>The leads of which a place, its phone or its domain is on the list.</summary>
    public static IQueryable<Guid> SuppressedLeads(this ShabouContext context) =>
        from place in context.LeadPlaces
        where context.Suppressions.Any(s => (s.Hash == place.PlaceHash && s.Kind == SuppressionKind.PlaceId)
            || (s.Hash == place.PhoneHash && s.Kind == SuppressionKind.Phone) || (s.Hash == place.DomainHash && s.Kind == SuppressionKind.Domain))
        select place.LeadId;

    /// <summary>The contacts that are on the list, or whose mailbox's domain is.</summary>
    public static IQueryable<LeadContact> Suppressed(this ShabouContext context, IQueryable<LeadContact> contacts) => contacts.Where(contact =>
        context.Suppressions.Any(s => (s.Hash == contact.Hash && s.Kind == (contact.Kind == ContactKind.Phone ? SuppressionKind.Phone : SuppressionKind.Email))
            || (s.Hash == contact.DomainHash && s.Kind == SuppressionKind.Domain)));

    /// <summary>Whether a contact that is not stored yet is on the list.</summary>
    public static Task<bool> IsSuppressedAsync(this ShabouContext context, LeadContact contact, CancellationToken cancellationToken)
    {
        var kind = contact.Kind == ContactKind.Phone ? SuppressionKind.Phone : SuppressionKind.Email;
        return context.Suppressions.AnyAsync(
            s => (s.Hash == contact.Hash && s.Kind == kind) || (contact.DomainHash != null && s.Hash == contact.DomainHash && s.Kind == SuppressionKind.Domain), cancellationToken);
    }

    /// <summary>Puts a hash on the list; one that is there stays as it is.</summary>
    /// <returns>Whether it was not there.</returns>
    public static async Task<bool> SuppressAsync(
        this ShabouContext context, SuppressionKind kind, byte[] hash, string reason, AuditActor actor, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await context.Database.ExecuteSqlAsync($"""
            INSERT INTO prospector.suppressions (id, kind, hash, reason, created_at, created_by, changed_by, changed_trace)
            VALUES ({Guid.CreateVersion7(now)}, {kind.ToString()}, {hash}, {reason}, {now}, {actor.Name}, {actor.Name}, {AuditActor.Trace}::text)
            ON CONFLICT (hash, kind) DO NOTHING
            """, cancellationToken) == 1;
    }
}
