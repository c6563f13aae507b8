using Npgsql;
using Shabou.Schema.Ops;

namespace Shabou.Gateway.People.Sessions;

/// <summary>A refresh token came a second time: its session ends, and somebody is told, in the transaction of the refusal.</summary>
internal static class RefreshReuse
{
    internal const string AlertKind = "refresh-token-reuse";

    /// <returns>Which session ended and whose it was; null when the token is not a used one of an open session.</returns>
    internal static async Task<(Guid Session, Guid User)?> EndSessionAsync(NpgsqlConnection connection, byte[] hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        (Guid Session, Guid User) ended;
        await using (var end = new NpgsqlCommand("""
            UPDATE identity.sessions s SET revoked_at = $1, revoked_reason = 'reuse' FROM identity.refresh_tokens t
            WHERE t.hash = $2 AND t.used_at IS NOT NULL AND s.id = t.session_id AND s.revoked_at IS NULL RETURNING s.id, s.user_id
            """, connection) { Parameters = { new() { Value = now }, new() { Value = hash } } })
        await using (var row = await end.ExecuteReaderAsync(cancellationToken))
        {
            if (!await row.ReadAsync(cancellationToken))
                return null;
            ended = (row.GetGuid(0), row.GetGuid(1));
        }

        await using var tell = new NpgsqlCommand("""
            INSERT INTO ops.alerts (id, kind, subject, severity, summary, once_key, created_at, attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)
            ON CONFLICT (once_key) DO NOTHING
            """, connection)
        {
            Parameters =
            {
                new() { Value = Guid.CreateVersion7(now) }, new() { Value = AlertKind }, new() { Value = $"session {ended.Session}" },
                new() { Value = nameof(AlertSeverity.Warning) },
                new() { Value = $"A refresh token of user {ended.User} was used twice, so it may have been stolen; the session was ended. Ask the person, and sign them out everywhere if it was not their own program." },
                new() { Value = $"{AlertKind}/{ended.Session}" }, new() { Value = now },
            },
        };
        await tell.ExecuteNonQueryAsync(cancellationToken);
        return ended;
    }
}
