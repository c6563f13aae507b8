using Npgsql;
using NpgsqlTypes;

namespace Shabou.Schema.Ops;

/// <summary>Alerts that may be repeated, but not at once.</summary>
public static class AlertWindow
{
    /// <summary>Inserts the alert in one statement of its own, unless one of its kind and subject was said within the window. Its delivery
    /// is ordered by the table's trigger.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="alert">Its <see cref="Alert.CreatedAt"/> says when it is; its once key is not used.</param>
    /// <param name="window">How long after one alert there is no other.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False when it had been said.</returns>
    /// <remarks>Processes that look at the same moment find nothing, each; then the unique key of the window lets in one.</remarks>
    public static async Task<bool> TrySayAsync(NpgsqlConnection connection, Alert alert, TimeSpan window, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            INSERT INTO ops.alerts (id, kind, subject, severity, summary, detail, once_key, created_at, attempts)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8, 0
            WHERE NOT EXISTS (SELECT FROM ops.alerts WHERE kind = $2 AND subject = $3 AND created_at > $9 AND created_at < $10)
            ON CONFLICT (once_key) DO NOTHING
            """, connection);
        var at = alert.CreatedAt.ToUniversalTime();
        command.Parameters.Add(new() { Value = alert.Id });
        command.Parameters.Add(new() { Value = alert.Kind, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new() { Value = alert.Subject, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new() { Value = alert.Severity.ToString() });
        command.Parameters.Add(new() { Value = alert.Summary.Length > Alert.SummaryMaxLength ? alert.Summary[..Alert.SummaryMaxLength] : alert.Summary });
        command.Parameters.Add(new() { Value = (object?)alert.Detail ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = $"{alert.Kind}/{alert.Subject}/{at.Ticks / window.Ticks}" });
        command.Parameters.Add(new() { Value = at });
        command.Parameters.Add(new() { Value = at - window });
        command.Parameters.Add(new() { Value = at + window }); // a clock that was far ahead once keeps nobody silent
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
