using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Schema;
using Shabou.Schema.Ops;

namespace Shabou.Jobs.History;

/// <summary>Moves detached months of the history into files. The order makes it safe to be killed anywhere: the data, then its manifest, then both
/// read back, and only then the table goes. A month whose manifest is there is not written again.</summary>
/// <remarks>Without the folder, or without room in it, the month stays in the database and an alert says so once a week.</remarks>
internal sealed partial class HistoryArchive(ShabouContext context, IOptions<ArchiveOptions> options, TimeProvider time, ILogger<HistoryArchive> logger)
{
    public const string AlertKind = "history-archive";
    private const long LockKey = 0x5348_4142_4F55_0A26; // a job that was rescued may have a second runner
    private static readonly TimeSpan s_alertWindow = TimeSpan.FromDays(7);

    /// <summary>Archives and drops what is detached; months that fail are left for the next run.</summary>
    /// <returns>Months that are archived and gone, and their rows.</returns>
    public async Task<(int Months, long Rows)> RunAsync(CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken); // one session for the lock
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        if (!await AskAsync<bool>(connection, "SELECT pg_try_advisory_lock($1)", cancellationToken, LockKey)) return default;
        try
        {
            var (months, rows) = (0, 0L);
            foreach (var month in await AskAsync<string[]>(connection, "SELECT coalesce(array_agg(m), '{}') FROM jobs.detached_history() m", cancellationToken))
            {
                if (await TryArchiveAsync(connection, month, cancellationToken) is not { } archived) continue;
                (months, rows) = (months + 1, rows + archived);
            }
            return (months, rows);
        }
        finally
        {
            await AskAsync<bool>(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None, LockKey);
            await context.Database.CloseConnectionAsync();
        }
    }

    private async Task<long?> TryArchiveAsync(NpgsqlConnection connection, string month, CancellationToken cancellationToken)
    {
        try
        {
            var folder = Directory.Exists(options.Value.Folder) ? options.Value.Folder
                : throw new IOException(string.IsNullOrEmpty(options.Value.Folder) ? "Archive:Folder is not set" : "the folder of Archive:Folder is not there");
            var (data, manifest) = (Path.Combine(folder, month + ".csv.gz"), Path.Combine(folder, month + ".json"));
            var archived = await FindAsync(data, manifest, cancellationToken) ?? await WriteAsync(connection, month, data, manifest, cancellationToken);
            await AskAsync<object>(connection, "SELECT jobs.drop_history($1, $2)", cancellationToken, month, archived.Rows);
            LogArchived(month, archived.Rows, archived.Bytes);
            return archived.Rows;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PostgresException { SqlState: PostgresErrorCodes.CheckViolation or PostgresErrorCodes.LockNotAvailable })
        {
            LogNotArchived(month, error);
            await AlertAsync(connection, month, error is PostgresException refused ? refused.MessageText : error is UnauthorizedAccessException ? "the folder of Archive:Folder cannot be written" : error.Message, cancellationToken);
            return null;
        }
    }

    // An archive counts when its manifest does and its bytes are those the manifest names.
    private static async Task<ArchiveManifest?> FindAsync(string data, string manifest, CancellationToken cancellationToken) =>
        await ArchiveManifest.ReadAsync(manifest, cancellationToken) is { } found && File.Exists(data) && await ArchiveFile.HashAsync(data, cancellationToken) == found.Sha256 ? found : null;

    private async Task<ArchiveManifest> WriteAsync(NpgsqlConnection connection, string month, string data, string manifest, CancellationToken cancellationToken)
    {
        // Nobody writes to a detached month, so that several statements see the same rows. Its name comes from the database.
        using (var csv = await connection.BeginTextExportAsync($"COPY jobs.\"{month}\" TO STDOUT (FORMAT csv, HEADER, ENCODING 'UTF8')", cancellationToken))
            await ArchiveFile.WriteAsync(data, csv, cancellationToken);
        var rows = await AskAsync<long>(connection, $"SELECT count(*) FROM jobs.\"{month}\"", cancellationToken);
        var written = await ArchiveFile.CountAsync(data, cancellationToken);
        if (written != rows) throw new IOException(string.Create(CultureInfo.InvariantCulture, $"the file has {written} rows and the table {rows}"));
        var times = await AskAsync<DateTime[]>(connection, $"SELECT array_remove(ARRAY[min(finished_at), max(finished_at)], NULL) FROM jobs.\"{month}\"", cancellationToken);
        var columns = await AskAsync<string[]>(connection, "SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute WHERE attrelid = to_regclass('jobs.' || $1) AND attnum > 0 AND NOT attisdropped", cancellationToken, month);
        var archived = new ArchiveManifest(month, rows, rows == 0 ? null : times[0], rows == 0 ? null : times[1], columns, await ArchiveFile.HashAsync(data, cancellationToken), new FileInfo(data).Length,
            (await SchemaVersion.OfAsync(connection, cancellationToken)).Applied ?? "none", time.GetUtcNow());
        await archived.WriteAsync(manifest, cancellationToken);
        return archived;
    }

    private async Task AlertAsync(NpgsqlConnection connection, string month, string reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var alert = new Alert
        {
            Id = Guid.CreateVersion7(now), Kind = AlertKind, Subject = "jobs.finished_jobs", Severity = AlertSeverity.Warning, CreatedAt = now,
            Summary = $"History older than 90 days stays in the database because it cannot be archived ({reason}): see docs/runbooks/history-archive.md.",
            Detail = JsonSerializer.Serialize(new { month }, JsonSerializerOptions.Web),
        };
        await AlertWindow.TrySayAsync(connection, alert, s_alertWindow, cancellationToken);
    }

    private static async Task<T> AskAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [LoggerMessage(LogLevel.Information, "Archived {Month}: {Rows} rows in {Bytes} bytes; its table is dropped")]
    private partial void LogArchived(string month, long rows, long bytes);

    [LoggerMessage(LogLevel.Warning, "{Month} could not be archived and stays in the database")]
    private partial void LogNotArchived(string month, Exception error);
}
