using Npgsql;
using Shabou.Gateway.Identity;
using Shabou.Schema.Identity;
using Shabou.ServiceDefaults.Concurrency;

namespace Shabou.Gateway.People.Users;

/// <summary>A person and PostgreSQL's version of the row.</summary>
internal sealed record StoredUser(UserAnswer User, uint Version);

/// <summary>How a change of role ended.</summary>
internal enum RoleChange
{
    Done,
    Unknown,
    Stale,

    /// <summary>Nobody would be left who could give the role back.</summary>
    LastAdministrator,
}

/// <summary>The people in PostgreSQL, and what they may do.</summary>
internal sealed partial class UserDirectory(NpgsqlDataSource database, TimeProvider time, ILogger<UserDirectory> logger)
{
    private const string Columns = "id, email, name, role, created_at, last_sign_in_at, xmin";

    /// <summary>In the order in which they first signed in.</summary>
    internal async Task<List<StoredUser>> ListAsync(Guid? after, int count, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM identity.users WHERE id > $1 ORDER BY id LIMIT $2");
        command.Parameters.Add(new() { Value = after ?? Guid.Empty });
        command.Parameters.Add(new() { Value = count });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var users = new List<StoredUser>();
        while (await row.ReadAsync(cancellationToken))
            users.Add(Read(row));
        return users;
    }

    internal async Task<StoredUser?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await FindAsync(connection, id, cancellationToken);
    }

    /// <summary>Changes the role and ends the person's sessions, so that no token says otherwise for longer than revocations take.</summary>
    /// <remarks>The last ADMIN stays one unless an API key with that role is left. One change at a time, on all gateways.</remarks>
    internal async Task<(RoleChange Outcome, StoredUser? User)> ChangeRoleAsync(Guid id, UserRole role, ExpectedVersion expected, string? actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, "SELECT pg_advisory_xact_lock($1)", [IdentityLocks.Administrators], cancellationToken);
        if (await FindAsync(connection, id, cancellationToken) is not { } before)
            return (RoleChange.Unknown, null);
        if (!expected.Matches(before.Version))
            return (RoleChange.Stale, null);
        if (before.User.Role == UserRoles.NameOf(role))
            return (RoleChange.Done, before);
        if (UserRoles.Read(before.User.Role) == UserRole.Admin && !await OthersAdministerAsync(connection, id, cancellationToken))
            return (RoleChange.LastAdministrator, null);
        if (await RunAsync(connection, "UPDATE identity.users SET role = $1 WHERE id = $2 AND xmin::text = $3",
            [role.ToString(), id, before.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)], cancellationToken) == 0)
            return (RoleChange.Stale, null); // they signed in meanwhile
        await EndSessionsAsync(connection, id, "role-changed", cancellationToken);
        var after = await FindAsync(connection, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogRoleChanged(id, before.User.Role, UserRoles.NameOf(role), actor);
        return (RoleChange.Done, after);
    }

    /// <returns>How many sessions were open.</returns>
    internal async Task<int> EndSessionsAsync(Guid id, string? actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var ended = await EndSessionsAsync(connection, id, "signed-out", cancellationToken);
        LogSignedOut(id, ended, actor);
        return ended;
    }

    /// <summary>Makes a person an administrator for the installation's bootstrap token, which works once.</summary>
    /// <returns>False: no such token, or used.</returns>
    internal async Task<bool> BootstrapAsync(Guid id, string token, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await RunAsync(connection, "UPDATE identity.bootstrap_tokens SET used_at = $1, used_by = $2 WHERE hash = $3 AND used_at IS NULL",
                [time.GetUtcNow(), id, OneTimeSecret.HashOf(token)], cancellationToken) == 0
            || await RunAsync(connection, "UPDATE identity.users SET role = $1 WHERE id = $2", [nameof(UserRole.Admin), id], cancellationToken) == 0)
        {
            LogBootstrapRefused(id);
            return false; // rolled back
        }
        await transaction.CommitAsync(cancellationToken);
        LogBootstrapped(id);
        return true;
    }

    /// <summary>A key with scopes does not count: it may not give roles.</summary>
    private async Task<bool> OthersAdministerAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using var others = new NpgsqlCommand("""
            SELECT EXISTS (SELECT FROM identity.users WHERE role = 'Admin' AND id <> $1)
                OR EXISTS (SELECT FROM identity.api_keys WHERE role = 'Admin' AND revoked_at IS NULL AND cardinality(scopes) = 0 AND (expires_at IS NULL OR expires_at > $2))
            """, connection) { Parameters = { new() { Value = id }, new() { Value = time.GetUtcNow() } } };
        return (bool)(await others.ExecuteScalarAsync(cancellationToken))!;
    }

    private Task<int> EndSessionsAsync(NpgsqlConnection connection, Guid id, string reason, CancellationToken cancellationToken) =>
        RunAsync(connection, "UPDATE identity.sessions SET revoked_at = $1, revoked_reason = $2 WHERE user_id = $3 AND revoked_at IS NULL", [time.GetUtcNow(), reason, id], cancellationToken);

    private static async Task<StoredUser?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM identity.users WHERE id = $1", connection) { Parameters = { new() { Value = id } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row) : null;
    }

    private static StoredUser Read(NpgsqlDataReader row) => new(
        new UserAnswer(row.GetGuid(0), row.GetString(1), row.GetString(2), UserRoles.NameOf(Enum.Parse<UserRole>(row.GetString(3))),
            row.GetFieldValue<DateTimeOffset>(4), row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5)),
        row.GetFieldValue<uint>(6));

    private static async Task<int> RunAsync(NpgsqlConnection connection, string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "The role of user {User} was changed from {Before} to {After} by {Actor}")] private partial void LogRoleChanged(Guid user, string before, string after, string? actor);
    [LoggerMessage(LogLevel.Information, "User {User} was signed out of {Count} sessions by {Actor}")] private partial void LogSignedOut(Guid user, int count, string? actor);
    [LoggerMessage(LogLevel.Warning, "User {User} became administrator by the bootstrap token")] private partial void LogBootstrapped(Guid user);
    [LoggerMessage(LogLevel.Warning, "User {User} sent a bootstrap token that does not exist or was used")] private partial void LogBootstrapRefused(Guid user);
}
