using Npgsql;
using Shabou.Backups.Places;

namespace Shabou.Backups.Records;

/// <summary>Table ops.backups: what the gateway and the migrator know of backups. The folder is the truth, the table follows it.</summary>
internal static class BackupRecords
{
    /// <summary>Makes the table say of this backup what its folder says.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, StoredBackup backup, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            INSERT INTO ops.backups (id, kind, finished_at, verified_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (id) DO UPDATE SET verified_at = excluded.verified_at
            """, connection);
        command.Parameters.Add(new() { Value = backup.Id });
        command.Parameters.Add(new() { Value = backup.Manifest.Kind });
        command.Parameters.Add(new() { Value = backup.Manifest.FinishedAt.ToUniversalTime() });
        command.Parameters.Add(new() { Value = (object?)backup.VerifiedAt?.ToUniversalTime() ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>How long ago the newest verified backup was finished, by the database's clock; null when there is none, or no such table yet.</summary>
    public static async Task<TimeSpan?> AgeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass('ops.backups') IS NOT NULL", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true) return null;
        await using var command = new NpgsqlCommand("SELECT now() - max(finished_at) FROM ops.backups WHERE verified_at IS NOT NULL", connection);
        return await command.ExecuteScalarAsync(cancellationToken) as TimeSpan?;
    }
}
