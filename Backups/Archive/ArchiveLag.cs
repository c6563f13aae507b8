using Npgsql;

namespace Shabou.Backups.Archive;

/// <summary>How far the archive is behind the server.</summary>
/// <param name="Bytes">Written by the server and not received.</param>
/// <param name="Age">How long the archive takes to receive what is written; null when nobody receives.</param>
internal sealed record ArchiveLag(long Bytes, TimeSpan? Age)
{
    private const string Sql = """
        SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), coalesce(r.write_lsn, s.restart_lsn))::bigint, s.active, coalesce(r.write_lag, '0'::interval)
        FROM pg_replication_slots s LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid WHERE s.slot_name = $1
        """;

    /// <returns>Null when there is no slot.</returns>
    public static async Task<ArchiveLag?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = WalReceiver.Slot } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return null;
        return new(await row.IsDBNullAsync(0, cancellationToken) ? 0 : Math.Max(0, row.GetInt64(0)), row.GetBoolean(1) ? row.GetTimeSpan(2) : null);
    }
}
