using System.Globalization;
using Npgsql;
using Shabou.Backups.Making;
using Shabou.Schema;

namespace Shabou.Backups.Verifying;

/// <summary>Holds a restored database against the manifest of its backup.</summary>
internal static class RowComparison
{
    /// <returns>How many rows there are.</returns>
    /// <exception cref="BackupException">The schema version or a table differs; the message names it.</exception>
    public static async Task<long> RequireEqualAsync(NpgsqlConnection restored, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var applied = (await SchemaVersion.OfAsync(restored, cancellationToken)).Applied;
        if (applied != manifest.SchemaVersion)
            throw new BackupException($"The restored {manifest.Kind} is at migration {applied ?? "none"}, its manifest says {manifest.SchemaVersion ?? "none"}: it does not count; make another.");
        var rows = await RowCounts.ReadAsync(restored, cancellationToken);
        foreach (var (table, expected) in manifest.Rows)
        {
            if (!rows.TryGetValue(table, out var found))
            {
                if (manifest.Changed.Contains(table)) continue; // dropped while the backup was made
                throw new BackupException($"The restored {manifest.Kind} has no table {table}: it does not count; make another.");
            }
            if (found != expected && !manifest.Changed.Contains(table))
            {
                throw new BackupException(string.Create(CultureInfo.InvariantCulture,
                    $"The restored {manifest.Kind} has {found:N0} rows in {table}, its manifest says {expected:N0}: it does not count; make another."));
            }
        }
        return rows.Values.Sum();
    }
}
