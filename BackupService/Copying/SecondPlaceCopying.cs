using Microsoft.Extensions.Options;
using Shabou.Backups;
using Shabou.Backups.Places;
using Shabou.BackupService.Health;

namespace Shabou.BackupService.Copying;

/// <summary>Feeds the second place: closed segments of WAL within seconds, verified backups when they are made or when a copy was missed. It needs
/// no database, so that what was archived of a lost server still arrives.</summary>
internal sealed partial class SecondPlaceCopying(
    SecondPlace second, BackupAlerts alerts, IOptions<BackupOptions> options, TimeProvider time, ILogger<SecondPlaceCopying> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestForWal = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestForBackups = TimeSpan.FromMinutes(10); // each attempt may fill a full place anew

    private readonly SemaphoreSlim _backupsTurn = new(1, 1);
    private readonly SemaphoreSlim _walTurn = new(1, 1);
    private IReadOnlyList<CopyObjection> _ofBackups = [];
    private IReadOnlyList<CopyObjection> _ofWal = [];

    /// <summary>What was wrong at the last look, for the health check.</summary>
    public IEnumerable<string> Objections => _ofBackups.Concat(_ofWal).Select(objection => objection.Sentence).Distinct();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => second.Place is null
        ? Task.CompletedTask
        : Task.WhenAll(RepeatAsync(CopyWalAsync, LongestForWal, stoppingToken), RepeatAsync(CopyBackupsAsync, LongestForBackups, stoppingToken));

    /// <summary>Copies what is missing of the backups, and raises an alert for what cannot be.</summary>
    /// <returns>Whether all is there.</returns>
    public async Task<bool> CopyBackupsAsync(CancellationToken cancellationToken)
    {
        await _backupsTurn.WaitAsync(cancellationToken);
        try
        {
            return (_ofBackups = await CopyAsync(second.CopyBackupsAsync, cancellationToken)).Count == 0;
        }
        finally
        {
            _backupsTurn.Release();
        }
    }

    /// <summary>The same for the WAL.</summary>
    public async Task<bool> CopyWalAsync(CancellationToken cancellationToken)
    {
        await _walTurn.WaitAsync(cancellationToken);
        try
        {
            return (_ofWal = await CopyAsync(second.CopyWalAsync, cancellationToken)).Count == 0;
        }
        finally
        {
            _walTurn.Release();
        }
    }

    private async Task RepeatAsync(Func<CancellationToken, Task<bool>> copy, TimeSpan longest, CancellationToken stoppingToken)
    {
        var pause = Look;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                pause = await copy(stoppingToken) ? Look : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, longest.Ticks));
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error);
            }
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IReadOnlyList<CopyObjection>> CopyAsync(Func<BackupShelf, CancellationToken, Task<IReadOnlyList<CopyObjection>>> copy, CancellationToken cancellationToken)
    {
        var objections = new List<CopyObjection>();
        try
        {
            foreach (var shelf in BackupShelf.All(options.Value.RequireFolder())) objections.AddRange(await copy(shelf, cancellationToken));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or BackupException)
        {
            objections.Add(new("second-place", $"The second place {second.Place?.Name} could not be fed ({error.Message.TrimEnd('.')}): mount it, or make the folder, writable and with room; copying goes on by itself."));
        }
        foreach (var objection in objections) await alerts.SayAsync("backup-copy-failed", objection.Subject, objection.Sentence, cancellationToken);
        return objections;
    }

    public override void Dispose()
    {
        _backupsTurn.Dispose();
        _walTurn.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Error, "A look at the second place failed; the next one follows")] private partial void LogFailed(Exception error);
}

internal static class SecondPlaceCopyingSetup
{
    public static void AddSecondPlaceCopying(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SecondPlaceCopying>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SecondPlaceCopying>());
    }
}
