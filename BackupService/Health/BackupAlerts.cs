using Npgsql;
using Shabou.Schema.Ops;

namespace Shabou.BackupService.Health;

/// <summary>What a person must know about backups becomes a row of ops.alerts, which a service delivers. The same is said once in six hours.</summary>
internal sealed partial class BackupAlerts(NpgsqlDataSource database, TimeProvider time, ILogger<BackupAlerts> logger)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(6);

    public async Task SayAsync(string kind, string subject, string summary, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            if (await AlertWindow.TrySayAsync(connection, new() { Id = Guid.CreateVersion7(now), Kind = kind, Subject = subject, Severity = AlertSeverity.Critical, Summary = summary, CreatedAt = now }, Window, cancellationToken))
                LogSaid(kind, subject, summary);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            LogUnsaid(kind, subject, summary, error.Message); // with the database away its own alerts speak, and the log has this one
        }
    }

    [LoggerMessage(LogLevel.Error, "Alert {Kind} about {Subject}: {Summary}")] private partial void LogSaid(string kind, string subject, string summary);
    [LoggerMessage(LogLevel.Error, "Alert {Kind} about {Subject}, in the log only ({Reason}): {Summary}")] private partial void LogUnsaid(string kind, string subject, string summary, string reason);
}
