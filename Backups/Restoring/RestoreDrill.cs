using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.Backups.Verifying;
using Shabou.LocalPostgres;
using Shabou.LocalPostgres.Programs;

namespace Shabou.Backups.Restoring;

/// <summary>Does all that a restore does, into a scratch folder: how long it would take, and what would be lost, while nothing is.</summary>
internal sealed class RestoreDrill(RestoreBase restore, ScratchServers scratch, TimeProvider time)
{
    /// <param name="shelf">The server's backups.</param>
    /// <param name="login">The running server, to compare with; null when it is away.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BackupException">Nothing could be restored; the message says why.</exception>
    public async Task<DrillResult> RunAsync(BackupShelf shelf, PostgresLogin? login, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var plan = RestorePlan.Make(shelf, until: null, withoutWal: false);
        var data = scratch.NewFolder(plan.Backup.Manifest.Bytes * BaseFiles.Growth);
        try
        {
            var result = await restore.RecoverAsync(plan, data, cancellationToken);
            var took = Stopwatch.GetElapsedTime(started);
            var missing = login is null ? null : await MissingAsync(login, result, cancellationToken);
            var sentence = string.Create(CultureInfo.InvariantCulture,
                $"Restored the base backup of {plan.Backup.Name} ({RestorePlan.Age(time.GetUtcNow() - plan.Backup.Manifest.FinishedAt)} old) and {plan.Segments.Count} WAL segments in {took.TotalSeconds:0.0} s: {result.Rows.Values.Sum():N0} rows in {result.Rows.Count} tables, schema {result.AppliedMigration}{Loss(missing)}.");
            return new(took, plan.Segments.Count, result.Rows, missing, sentence);
        }
        finally
        {
            ScratchServer.Remove(data);
        }
    }

    // The server goes on while this is counted, so that a few rows too many here are what came meanwhile.
    private static async Task<long?> MissingAsync(PostgresLogin login, RestoreResult result, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await login.OpenAsync(cancellationToken);
            var now = await RowCounts.ReadAsync(connection, cancellationToken);
            return now.Sum(table => Math.Max(0, table.Value - result.Rows.GetValueOrDefault(table.Key)));
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private static string Loss(long? missing) => missing switch
    {
        null => "; the running server was not there to compare with",
        0 => "; the running server has not one row more",
        { } rows => string.Create(CultureInfo.InvariantCulture, $"; the running server has {rows:N0} rows more, written since or not yet archived"),
    };
}

/// <summary>How a drill went.</summary>
/// <param name="Took">From the decision to a folder that a server can be started on.</param>
/// <param name="Missing">Rows that the running server has and the restored one has not; null when it could not be asked.</param>
internal sealed record DrillResult(TimeSpan Took, int Segments, IReadOnlyDictionary<string, long> Rows, long? Missing, string Sentence);
