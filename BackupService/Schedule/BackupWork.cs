using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Backups;
using Shabou.Backups.Archive;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.BackupService.Copying;
using Shabou.BackupService.Health;
using Shabou.LocalPostgres;
using Shabou.LocalPostgres.Programs;
using Shabou.Schema.BackupAges;
using Shabou.Schema.Passwords;

namespace Shabou.BackupService.Schedule;

/// <summary>One backup after the other, never two at once, whoever asks; afterwards the archive is thinned, the second place fed and the outcome told.</summary>
internal sealed partial class BackupWork(
    RunBackups backups, BackupLogin login, SecondPlaceCopying copying, BackupTelemetry telemetry, BackupAlerts alerts,
    IOptions<BackupOptions> options, TimeProvider time, ILogger<BackupWork> logger) : IDisposable
{
    private const long Never = long.MaxValue;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _owedAt = Never;

    /// <summary>Whether a backup is to be made beside the schedule: some time after one that failed, or since <see cref="Owe"/>.</summary>
    public bool IsOwed => time.GetUtcNow().UtcTicks >= Volatile.Read(ref _owedAt);

    /// <summary>When the one that is being made began, or null.</summary>
    public DateTimeOffset? UnderWaySince { get; private set; }

    /// <summary>Makes and verifies a backup of each kind.</summary>
    /// <param name="progress">Hears one sentence for each.</param>
    /// <returns>Null when one is under way already.</returns>
    public async Task<IReadOnlyList<BackupOutcome>?> TryRunAsync(Action<string>? progress, CancellationToken cancellationToken)
    {
        if (!await _turn.WaitAsync(TimeSpan.Zero, cancellationToken)) return null;
        var isMade = false;
        try
        {
            UnderWaySince = time.GetUtcNow();
            Volatile.Write(ref _owedAt, Never);
            var outcomes = new List<BackupOutcome>();
            foreach (var kind in RunBackups.Kinds)
            {
                var outcome = await backups.RunAsync(await login.ReadAsync(cancellationToken), kind, cancellationToken);
                outcomes.Add(outcome);
                telemetry.Ended(outcome);
                progress?.Invoke(outcome.Sentence);
                if (outcome.Succeeded) LogMade(outcome.Sentence);
                else await alerts.SayAsync("backup-failed", kind, outcome.Sentence, cancellationToken);
            }
            if (outcomes.FirstOrDefault(outcome => outcome.Succeeded)?.Backup is { } made) await AfterwardsAsync(made, cancellationToken);
            isMade = outcomes.All(outcome => outcome.Succeeded);
            return outcomes;
        }
        finally
        {
            if (!isMade) Owe(options.Value.RepeatAfter);
            UnderWaySince = null;
            _turn.Release();
        }
    }

    /// <summary>Has one made that begins from now on.</summary>
    public void Owe() => Owe(TimeSpan.Zero);

    private void Owe(TimeSpan after) => Volatile.Write(ref _owedAt, (time.GetUtcNow() + after).UtcTicks);

    /// <summary>What is kept of the archive begins with the first position that a base backup needs; all that is kept goes to the second place.</summary>
    private async Task AfterwardsAsync(StoredBackup made, CancellationToken cancellationToken)
    {
        var shelf = new BackupShelf(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(made.Folder)))!, made.Manifest.SystemIdentifier);
        try
        {
            LogThinned(new WalArchive(shelf.Wal).RemoveBefore(shelf.List(MakeBase.Kind).Select(backup => backup.Manifest)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotThinned(error.Message); // the next backup tries again
        }
        await copying.CopyBackupsAsync(cancellationToken);
    }

    public void Dispose() => _turn.Dispose();

    [LoggerMessage(LogLevel.Information, "{Sentence}")] private partial void LogMade(string sentence);
    [LoggerMessage(LogLevel.Warning, "Segments of WAL that no kept base backup needs could not be removed: {Reason}")] private partial void LogNotThinned(string reason);
    [LoggerMessage(LogLevel.Information, "Removed {Count} segments of WAL that no kept base backup needs")] private partial void LogThinned(int count);
}

/// <summary>The login of this service for PostgreSQL's programs.</summary>
internal sealed class BackupLogin(IConfiguration configuration)
{
    private readonly DatabasePassword _password = new(configuration);
    private readonly string _connectionString = configuration.GetConnectionString(Schema.ShabouContext.ConnectionName)
        ?? throw new InvalidOperationException("ConnectionStrings:shabou is missing: give the service the login of the role backup.");

    /// <summary>With the password that PostgreSQL takes now.</summary>
    public async Task<PostgresLogin> ReadAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnectionStringBuilder(_connectionString);
        connection.Password = await _password.ReadAsync(connection, cancellationToken);
        return new(connection.ConnectionString);
    }
}

internal static class BackupWorkSetup
{
    public static void AddBackupWork(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<BackupAgeOptions>().BindConfiguration(BackupAgeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<BackupLogin>();
        builder.Services.AddSingleton<BackupTelemetry>();
        builder.Services.AddSingleton<BackupAlerts>();
        builder.Services.AddSingleton<BackupWork>();
        builder.Services.AddSingleton<BackupSchedule>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BackupSchedule>());
    }
}
