using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.LocalPostgres;
using Shabou.Standby.Data;
using Shabou.Standby.Servers;

namespace Shabou.Standby.Supervision;

/// <summary>Makes the standby, keeps it running, opens the primary for writes while this server follows it, and keeps the old one closed after a promotion.</summary>
/// <remarks>Without the primary the standby stays as it is and can be read; nothing is promoted unless told. Without this program a primary that is
/// running goes on, and one that is started stays read-only.</remarks>
internal sealed partial class Supervisor(
    Pair pair, StandbyFolder folder, CopyPrimary copy, StandbyProcess server, IOptions<StandbyOptions> options, TimeProvider time, ILogger<Supervisor> logger) : BackgroundService
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile StandbyReport _report = new(StandbyRole.Starting, "The standby is starting.", false, null, null, null, null);
    private string? _said;

    public StandbyReport Report => _report;

    /// <summary>The primary when it was last seen while we ran; null: not since this program started.</summary>
    public ServerState? LastPrimary { get; private set; }

    /// <summary>Runs something while nothing else is done to the pair, and looks again afterwards.</summary>
    /// <returns>False when something else has been going on for longer than <paramref name="patience"/>.</returns>
    public async Task<bool> AloneAsync(Func<Task> work, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!await _turn.WaitAsync(patience, cancellationToken)) return false;
        try
        {
            await work();
            await StepAsync(cancellationToken);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _turn.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(options.Value.Look, time);
        try
        {
            folder.Open();
            do
            {
                await _turn.WaitAsync(stoppingToken);
                try
                {
                    await StepAsync(stoppingToken);
                }
                finally
                {
                    _turn.Release();
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await (folder.Promotion is { } promotion ? LeadAsync(promotion, cancellationToken) : FollowAsync(cancellationToken));
        }
        catch (Exception error) when (error is NpgsqlException or LocalPostgresException or IOException or TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Say(_report with { Sentence = error is LocalPostgresException ? error.Message : $"The standby could not be looked after: {error.Message.TrimEnd('.')}.", LookedAt = time.GetUtcNow() });
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var other = await pair.Other.LookAsync(cancellationToken);
        if (other is { InRecovery: false }) LastPrimary = other;
        if (!folder.Data.IsServer)
        {
            if (other is not { InRecovery: false })
            {
                Say(new(StandbyRole.Starting, "The standby waits for the primary, of which it is to be a copy.", false, null, null, LastPrimary?.At, time.GetUtcNow()));
                return;
            }
            Say(new(StandbyRole.Starting, "The standby is being copied from the primary.", false, null, null, other.At, time.GetUtcNow()));
            await copy.RunAsync(pair.Other, cancellationToken);
        }
        if (!server.IsRunning) await server.StartAsync(pair.Other, cancellationToken);
        var own = await pair.Own.AskAsync(cancellationToken);
        if (own.Receiving && other is { InRecovery: false, StandbyState: not null } && !WriteLock.IsOpen(other))
        {
            await WriteLock.OpenAsync(pair.Other, cancellationToken);
            LastPrimary = other = await pair.Other.AskAsync(cancellationToken);
        }
        Say(StandbyReports.Of(own, other, LastPrimary, options.Value.MaxLag));
    }

    private async Task LeadAsync(PromotionNote promotion, CancellationToken cancellationToken)
    {
        if (!server.IsRunning) await server.StartAsync(pair.Other, cancellationToken);
        var own = await pair.Own.AskAsync(cancellationToken);
        if (own.InRecovery || own.IsReadOnly) await TakeLeadAsync(pair.Own, cancellationToken);
        var other = await pair.Other.LookAsync(cancellationToken);
        if (other is { InRecovery: false })
        {
            if (!other.IsReadOnly || !other.StartsReadOnly)
            {
                LogClosing(pair.Other.Host, pair.Other.Port);
                await WriteLock.CloseAsync(pair.Other, cancellationToken);
            }
            else
            {
                await WriteLock.EndSessionsAsync(pair.Other, cancellationToken);
            }
        }
        else if (other is not null && own is { StandbyState: not null, Awaits: "" })
        {
            // The old primary follows us: from now on a commit is acknowledged when both have it.
            await WriteLock.WaitForStandbyAsync(pair.Own, cancellationToken);
            own = await pair.Own.AskAsync(cancellationToken);
        }
        else if (other is not null && own.StandbyState is null && Whereabouts.Corrected(other.Follows, pair.Own.Port) is { } here)
        {
            // We have another port since this program was started again.
            LogPointing(pair.Other.Host, pair.Other.Port, pair.Own.Port);
            await pair.Other.OrderAsync(cancellationToken, $"ALTER SYSTEM SET primary_conninfo = '{here.Replace("'", "''", StringComparison.Ordinal)}'", "SELECT pg_reload_conf()");
        }
        Say(StandbyReports.OfPrimary(promotion, own, other));
    }

    /// <summary>Makes a standby the primary. Done again when it was interrupted.</summary>
    public async Task TakeLeadAsync(DatabaseServer standby, CancellationToken cancellationToken)
    {
        await WriteLock.OpenAloneAsync(standby, cancellationToken);
        await standby.OrderAsync(cancellationToken, "SELECT CASE WHEN pg_is_in_recovery() THEN pg_promote(true, 60) END");
        LogPromoted(standby.Host, standby.Port);
    }

    /// <summary>Makes our server, which was the primary, a standby that is copied anew from the other one.</summary>
    public async Task FollowAgainAsync()
    {
        await server.DisposeAsync();
        folder.BecomeStandby();
        LastPrimary = null;
    }

    private void Say(StandbyReport report)
    {
        _report = report;
        if (report.Sentence == _said) return;
        LogSays(_said = report.Sentence);
    }

    [LoggerMessage(LogLevel.Information, "{Sentence}")] private partial void LogSays(string sentence);
    [LoggerMessage(LogLevel.Warning, "The old primary at {Host}:{Port} is back; it is made read-only and its sessions are ended")] private partial void LogClosing(string host, int port);
    [LoggerMessage(LogLevel.Information, "The standby at {Host}:{Port} is told that its primary is at port {NewPort} now")] private partial void LogPointing(string host, int port, int newPort);
    [LoggerMessage(LogLevel.Warning, "The server at {Host}:{Port} is the primary now")] private partial void LogPromoted(string host, int port);
}
