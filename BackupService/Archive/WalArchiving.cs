using Npgsql;
using Shabou.Backups;
using Shabou.Backups.Archive;
using Shabou.BackupService.Health;
using Shabou.BackupService.Schedule;
using Shabou.LocalPostgres;
using Microsoft.Extensions.Options;

namespace Shabou.BackupService.Archive;

/// <summary>Keeps pg_receivewal running, and measures how far it is behind.</summary>
internal sealed partial class WalArchiving(
    WalReceiver receiver, BackupLogin login, NpgsqlDataSource database, BackupWork work, BackupAlerts alerts, IOptions<BackupOptions> options, TimeProvider time, ILogger<WalArchiving> logger) : BackgroundService
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>What the archive is doing, for the health check.</summary>
    public ArchiveState State { get; private set; } = new(IsReceiving: false, "It has not begun.", Lag: null, Since: null);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.ArchiveWal)
        {
            State = State with { Sentence = "The WAL is not archived (Backups:ArchiveWal is false): a restore goes back to the last backup." };
            return;
        }
        var (pause, refusals) = (Shortest, 0);
        while (!stoppingToken.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            // Refused twice in a row: the server has not what follows the archive's end. From the slot on it has everything.
            var ended = await ReceiveAsync(anew: refusals >= 2, stoppingToken);
            if (stoppingToken.IsCancellationRequested) return;
            var ran = time.GetElapsedTime(started);
            refusals = ended is ReceiveEnd.Refused && ran < Steady ? refusals % 3 + 1 : 0;
            pause = ran > Steady ? Shortest : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, Longest.Ticks));
            State = State with { IsReceiving = false, Since = State.Since ?? time.GetUtcNow() };
            LogEnded(State.Sentence, pause);
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private enum ReceiveEnd
    {
        /// <summary>The server did not answer, or a program is missing.</summary>
        Away,

        /// <summary>pg_receivewal ended by itself.</summary>
        Refused,
    }

    private async Task<ReceiveEnd> ReceiveAsync(bool anew, CancellationToken cancellationToken)
    {
        try
        {
            var receiving = await receiver.StartAsync(await login.ReadAsync(cancellationToken), anew, cancellationToken);
            await using var program = receiving.Program;
            if (receiving.HasGap)
            {
                await alerts.SayAsync("wal-archive-gap", "archive", "The archive had to begin anew, because the server has not what follows it (the archive was away too long, or the server was promoted or restored): a new base backup is made; moments before it may be lost.", cancellationToken);
                work.Owe(); // paid at once, or when the one that is under way and knows nothing of the gap has ended
                _ = Task.Run(() => work.TryRunAsync(progress: null, cancellationToken), cancellationToken);
            }
            using var timer = new PeriodicTimer(Look, time);
            do
            {
                await MeasureAsync(cancellationToken);
            }
            while (await Task.WhenAny(program.Exited, timer.WaitForNextTickAsync(cancellationToken).AsTask()) != program.Exited && !cancellationToken.IsCancellationRequested);
            if (!program.Exited.IsCompleted) return ReceiveEnd.Away; // told to stop
            State = State with { Sentence = $"pg_receivewal ended: {program.LastWords}" };
            return ReceiveEnd.Refused;
        }
        catch (Exception error) when (error is LocalPostgresException or BackupException or NpgsqlException or IOException or UnauthorizedAccessException or TimeoutException or OperationCanceledException)
        {
            State = State with { Sentence = error.Message };
            return ReceiveEnd.Away;
        }
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var lag = await ArchiveLag.ReadAsync(connection, cancellationToken);
            var isReceiving = lag?.Age is not null;
            State = new(isReceiving, isReceiving ? "The WAL is archived." : "pg_receivewal is connecting.", lag, isReceiving ? null : State.Since ?? time.GetUtcNow());
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            State = State with { IsReceiving = false, Sentence = $"The database does not answer: {error.Message}", Since = State.Since ?? time.GetUtcNow() };
        }
    }

    [LoggerMessage(LogLevel.Warning, "The WAL is not archived at the moment: {Reason} Trying again in {Pause}")] private partial void LogEnded(string reason, TimeSpan pause);
}

/// <summary>How the archive does.</summary>
/// <param name="Sentence">For a person.</param>
/// <param name="Since">Since when nothing is received; null while something is.</param>
internal sealed record ArchiveState(bool IsReceiving, string Sentence, ArchiveLag? Lag, DateTimeOffset? Since);

internal static class WalArchiveSetup
{
    public static void AddWalArchive(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WalArchiving>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WalArchiving>());
    }
}
