using System.Globalization;
using Shabou.Standby.Data;
using Shabou.Standby.Servers;
using Shabou.Standby.Supervision;

namespace Shabou.Standby.Promotion;

/// <summary>Makes the standby the primary, unless that could lose what a client was told is stored.</summary>
internal sealed class Promote(Supervisor supervisor, Pair pair, StandbyFolder folder, StandbyProcess server, TimeProvider time)
{
    // The time a copy or a start in progress gets to end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A primary that is alive is closed first; so long the standby gets to receive the rest.
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(5);

    /// <param name="acceptLoss">Promote although it is known, or cannot be known, that acknowledged changes are missing.</param>
    /// <param name="cancellationToken">Stops waiting; a promotion that was begun is finished by the supervisor.</param>
    public async Task<PromotionAnswer> RunAsync(bool acceptLoss, CancellationToken cancellationToken)
    {
        PromotionAnswer? answer = null;
        var ran = await supervisor.AloneAsync(async () => answer = await PromoteAsync(acceptLoss, cancellationToken), Patience, cancellationToken);
        return ran ? answer! : Refused("The standby is being copied; it can be promoted when the copy is whole.", null);
    }

    private async Task<PromotionAnswer> PromoteAsync(bool acceptLoss, CancellationToken cancellationToken)
    {
        if (folder.Promotion is { } earlier) return await PromoteOtherAsync(earlier, acceptLoss, cancellationToken);
        if (!server.IsRunning || await pair.Own.LookAsync(cancellationToken) is not { } own) return Refused("There is no standby that could be promoted: its server does not run; GET /state says why.", null);
        var primary = await pair.Other.LookAsync(cancellationToken);
        var missing = primary is { InRecovery: false }
            ? await CloseAndCatchUpAsync(pair.Other, pair.Own, primary, acceptLoss, cancellationToken)
            : Missing(own, supervisor.LastPrimary);
        if (missing is { } why && !acceptLoss)
        {
            if (primary is { InRecovery: false }) await WriteLock.OpenAsync(pair.Other, cancellationToken);
            return why;
        }

        folder.NotePromotion(new(time.GetUtcNow(), AcceptedLoss: missing is not null));
        await supervisor.TakeLeadAsync(pair.Own, CancellationToken.None);
        return Done(missing);
    }

    /// <summary>The way back: our server leads, the other one follows it and is to lead again.</summary>
    private async Task<PromotionAnswer> PromoteOtherAsync(PromotionNote earlier, bool acceptLoss, CancellationToken cancellationToken)
    {
        if (await pair.Other.LookAsync(cancellationToken) is not { InRecovery: true } other)
            return new(true, string.Create(CultureInfo.InvariantCulture, $"This server has been the primary since {earlier.At:yyyy-MM-dd HH:mm:ss} UTC, and no standby follows it that could be promoted."), 0, null);
        var own = await pair.Own.LookAsync(cancellationToken);
        var missing = own is { InRecovery: false } ? await CloseAndCatchUpAsync(pair.Own, pair.Other, own, acceptLoss, cancellationToken) : supervisor.Report.IsInSync ? null : Missing(other, primary: null);
        if (missing is { } why && !acceptLoss)
        {
            if (own is not null) await WriteLock.OpenAloneAsync(pair.Own, cancellationToken);
            return why;
        }

        await supervisor.TakeLeadAsync(pair.Other, CancellationToken.None);
        await supervisor.FollowAgainAsync();
        return Done(missing);
    }

    private PromotionAnswer Done(PromotionAnswer? missing) => new(true,
        missing is null ? "The standby is the primary now; nothing that was acknowledged is lost." : "The standby is the primary now; what the old primary had more is lost.", missing is null ? 0 : missing.LostBytes, supervisor.LastPrimary?.At);

    /// <summary>Why something acknowledged may be missing here; null: nothing is.</summary>
    private static PromotionAnswer? Missing(ServerState own, ServerState? primary)
    {
        if (primary is null) return Refused("The primary has not been seen since this program was started, so what it has more is not known: start it, or promote with acceptLoss=true.", null);
        if (primary.IsSynchronous) return null; // whatever it acknowledged since, it acknowledged only with us
        var behind = Math.Max(0, primary.Position - own.Position);
        return Refused(string.Create(CultureInfo.InvariantCulture,
            $"The standby is too far behind: {behind:N0} bytes of the log when the primary was last seen at {primary.At:yyyy-MM-dd HH:mm:ss} UTC, which did not wait for it; start the primary and wait until it has caught up, or promote with acceptLoss=true."), primary, behind);
    }

    private static async Task<PromotionAnswer?> CloseAndCatchUpAsync(DatabaseServer from, DatabaseServer to, ServerState primary, bool acceptLoss, CancellationToken cancellationToken)
    {
        await WriteLock.CloseAsync(from, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(acceptLoss ? TimeSpan.FromSeconds(1) : CatchUp);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        long behind = 0;
        try
        {
            var end = await from.AskAsync(limit.Token);
            while ((behind = end.Position - (await to.AskAsync(limit.Token)).Position) > 0) await tick.WaitForNextTickAsync(limit.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Refused(string.Create(CultureInfo.InvariantCulture, $"The standby is too far behind: the primary is alive and has {behind:N0} bytes of the log more; wait until it has caught up, or promote with acceptLoss=true."), primary, behind);
        }
    }

    private static PromotionAnswer Refused(string sentence, ServerState? primary, long? lost = null) => new(false, sentence, lost, primary?.At);
}
