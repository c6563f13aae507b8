using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.People.Sessions;

/// <summary>A session that has just begun or gone on, and its next refresh token.</summary>
/// <param name="Role">As it is stored now.</param>
internal sealed record LiveSession(Guid SessionId, Guid UserId, string Name, UserRole Role, string RefreshToken, TimeSpan RefreshFor);

/// <summary>Sessions in PostgreSQL. Whatever works once is marked as used by one statement that only the first can win.</summary>
/// <remarks>Without the database nobody signs in or refreshes (503); access tokens that exist work on.</remarks>
internal sealed partial class SessionStore(NpgsqlDataSource database, IOptions<SessionLifeOptions> options, TimeProvider time, ILogger<SessionStore> logger)
{
    /// <summary>Begins a session for a code. The code is used up even when the verifier is wrong.</summary>
    /// <returns>Null: no such code, used, expired, or not the verifier it was given for.</returns>
    internal async Task<LiveSession?> BeginAsync(string code, string? verifier, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        Guid user;
        string? challenge;
        await using (var redeem = Command(connection,
            "UPDATE identity.sign_in_codes SET used_at = $1 WHERE hash = $2 AND used_at IS NULL AND expires_at > $1 RETURNING user_id, challenge", now, OneTimeSecret.HashOf(code)))
        await using (var row = await redeem.ExecuteReaderAsync(cancellationToken))
        {
            if (!await row.ReadAsync(cancellationToken))
                return null;
            (user, challenge) = (row.GetGuid(0), row.IsDBNull(1) ? null : row.GetString(1));
        }

        LiveSession? begun = null;
        if (Pkce.Fits(challenge, verifier))
        {
            var session = Guid.CreateVersion7(now);
            await using (var begin = Command(connection, "INSERT INTO identity.sessions (id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
                session, user, now, now + options.Value.LastFor))
                await begin.ExecuteNonQueryAsync(cancellationToken);
            begun = await ContinueAsync(connection, session, now, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return begun;
    }

    /// <summary>Exchanges a refresh token for the next. One that was used before ends its session, for two hold it and one of them should not:
    /// also when a client sends it twice at once, as the second cannot be told from a thief.</summary>
    /// <returns>Null: unknown, expired, revoked, or used before.</returns>
    internal async Task<LiveSession?> RefreshAsync(string token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var hash = OneTimeSecret.HashOf(token);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        Guid? session;
        await using (var use = Command(connection, """
            UPDATE identity.refresh_tokens t SET used_at = $1 FROM identity.sessions s
            WHERE t.hash = $2 AND t.used_at IS NULL AND t.expires_at > $1 AND s.id = t.session_id AND s.revoked_at IS NULL AND s.expires_at > $1
            RETURNING s.id
            """, now, hash))
            session = (Guid?)await use.ExecuteScalarAsync(cancellationToken);
        var next = session is { } id ? await ContinueAsync(connection, id, now, cancellationToken) : null;
        if (next is null && await RefreshReuse.EndSessionAsync(connection, hash, now, cancellationToken) is { } reused)
            LogReused(reused.Session, reused.User);
        await transaction.CommitAsync(cancellationToken);
        return next;
    }

    /// <returns>Whether it was still open.</returns>
    internal async Task<bool> EndAsync(Guid session, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var end = Command(connection, "UPDATE identity.sessions SET revoked_at = $1, revoked_reason = 'sign-out' WHERE id = $2 AND revoked_at IS NULL", time.GetUtcNow(), session);
        return await end.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>The next refresh token of a session, never beyond the session's own end.</summary>
    private async Task<LiveSession> ContinueAsync(NpgsqlConnection connection, Guid session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var refresh = OneTimeSecret.New();
        await using var keep = Command(connection, """
            WITH kept AS (
                INSERT INTO identity.refresh_tokens (hash, session_id, created_at, expires_at)
                SELECT $1, id, $3, least(expires_at, $4) FROM identity.sessions WHERE id = $2 RETURNING expires_at)
            SELECT u.id, u.name, u.role, kept.expires_at FROM kept, identity.sessions s JOIN identity.users u ON u.id = s.user_id WHERE s.id = $2
            """, refresh.Hash, session, now, now + options.Value.RefreshFor);
        await using var row = await keep.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new LiveSession(session, row.GetGuid(0), row.GetString(1), Enum.Parse<UserRole>(row.GetString(2)), refresh.Text, row.GetFieldValue<DateTimeOffset>(3) - now);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    [LoggerMessage(LogLevel.Warning, "A refresh token of session {Session} of user {User} was used twice; the session was revoked")]
    private partial void LogReused(Guid session, Guid user);
}
