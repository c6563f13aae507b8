using System.Globalization;
using Shabou.Standby.Data;
using Shabou.Standby.Servers;

namespace Shabou.Standby.Supervision;

/// <summary>Says in words and figures what two looks have shown.</summary>
internal static class StandbyReports
{
    public static StandbyReport Of(ServerState own, ServerState? other, ServerState? lastPrimary, TimeSpan maxLag)
    {
        long? behind = lastPrimary is null ? null : Math.Max(0, lastPrimary.Position - own.Position);
        double? seconds = own.Receiving ? Math.Round(own.ReplayLag?.TotalSeconds ?? 0, 3) : null;
        var inSync = lastPrimary is { IsSynchronous: true };
        var (role, sentence) = own switch
        {
            _ when other is { SlotLost: true } => (StandbyRole.Detached, "The standby is too far behind: the primary no longer has what it has not received; make it anew with POST /copy (./standby copy)."),
            _ when other is { InRecovery: true } => (StandbyRole.Detached, "The server that was the primary follows another one now; start this standby with the connection string of the present primary."),
            { HasDatabase: false } => (StandbyRole.Starting, "The standby follows the primary, which does not have the database yet."),
            { Receiving: true } when own.ReplayLag > maxLag => (StandbyRole.Standby, string.Create(CultureInfo.InvariantCulture, $"The standby follows the primary, {own.ReplayLag.Value.TotalSeconds:0} s behind.")),
            { Receiving: true } => (StandbyRole.Standby, inSync ? "The standby follows the primary and has all that was acknowledged." : "The standby follows the primary, which does not wait for it yet."),
            _ when other is null => (StandbyRole.Detached, "The primary does not answer; the standby can be read, and promoted with POST /promotion (./standby promote)."),
            _ => (StandbyRole.Detached, "The primary answers, but the standby receives nothing from it: look whether pg_hba.conf of the primary lets the role 'replication' in (docs/runbooks/failover.md)."),
        };
        return new(role, sentence, inSync, behind, seconds, lastPrimary?.At, own.At);
    }

    public static StandbyReport OfPrimary(PromotionNote promotion, ServerState own, ServerState? other)
    {
        var old = other switch
        {
            null => "The old primary does not answer.",
            { InRecovery: true } => "The old primary follows it.",
            _ => "The old primary is closed for writes; make it a standby again as docs/runbooks/failover.md says.",
        };
        return new(StandbyRole.Primary, string.Create(CultureInfo.InvariantCulture, $"This server has been the primary since {promotion.At:yyyy-MM-dd HH:mm:ss} UTC. {old}"), own.IsSynchronous, null, 0, other?.At, own.At);
    }
}
