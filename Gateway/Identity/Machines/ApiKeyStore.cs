using System.Buffers.Text;
using System.Security.Cryptography;
using Npgsql;
using Shabou.Schema.Identity;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.Gateway.Identity.Machines;

/// <summary>API keys as administrators see them.</summary>
internal sealed class ApiKeyStore(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>By this a key is recognised where it should not be: in a log, a repository, a chat.</summary>
    internal const string Mark = "shb_";

    private const int KeyBytes = 32;
    private const string Columns = "id, name, prefix, role, scopes, created_at, expires_at, revoked_at, last_used_at, created_by";

    /// <summary>An administrator that could still make keys: such a key, or a person.</summary>
    private const string AnotherAdministrator = """
        SELECT EXISTS (SELECT 1 FROM identity.users WHERE role = 'Admin')
            OR EXISTS (SELECT 1 FROM identity.api_keys WHERE id <> $1 AND role = 'Admin' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
                       AND (cardinality(scopes) = 0 OR scopes && ARRAY['gateway:*', 'gateway:write']))
        """;

    internal enum Revocation
    {
        Done,
        Unknown,
        LastAdministrator,
    }

    internal async Task<IssuedApiKey> AddAsync(NewApiKey wanted, string createdBy, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        var key = Mark + text;
        var summary = new ApiKeySummary(Guid.CreateVersion7(now), wanted.Name!.Trim(), text[..ApiKey.PrefixLength], wanted.Role!, wanted.Scopes ?? [],
            now, wanted.ExpiresAt?.ToUniversalTime() ?? now.AddYears(NewApiKey.DefaultYears), null, null, createdBy);
        await using var command = database.CreateCommand(
            "INSERT INTO identity.api_keys (id, name, prefix, hash, role, scopes, created_at, expires_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
        foreach (var value in (object[])[summary.Id, summary.Name, summary.Prefix, ApiKey.HashOf(key), wanted.StoredRole.ToString(), summary.Scopes.ToArray(), now, summary.ExpiresAt!, createdBy])
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new IssuedApiKey(summary, key);
    }

    /// <summary>The newest first.</summary>
    /// <param name="after">Id of the last one seen; null: from the start.</param>
    internal async Task<List<ApiKeySummary>> ListAsync(Guid? after, int most, CancellationToken cancellationToken)
    {
        var keys = new List<ApiKeySummary>();
        await using var command = database.CreateCommand($"SELECT {Columns} FROM identity.api_keys WHERE id < $1 ORDER BY id DESC LIMIT $2");
        command.Parameters.Add(new() { Value = after ?? Guid.AllBitsSet });
        command.Parameters.Add(new() { Value = most });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            keys.Add(Summary(row));
        return keys;
    }

    internal async Task<ApiKeySummary?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM identity.api_keys WHERE id = $1");
        command.Parameters.Add(new() { Value = id });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Summary(row) : null;
    }

    /// <summary>Revokes a key, unless nobody could make another one then. A second time does nothing.</summary>
    internal async Task<Revocation> RevokeAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AskAsync("SELECT pg_advisory_xact_lock($1)", IdentityLocks.Administrators);
        if (await AskAsync("SELECT role = 'Admin' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) FROM identity.api_keys WHERE id = $1", id, now) is not bool administers)
            return Revocation.Unknown;
        if (administers && await AskAsync(AnotherAdministrator, id, now) is false)
            return Revocation.LastAdministrator;
        await AskAsync("UPDATE identity.api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", id, now);
        await transaction.CommitAsync(cancellationToken);
        return Revocation.Done;

        async Task<object?> AskAsync(string sql, params object[] values)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            foreach (var value in values)
                command.Parameters.Add(new() { Value = value });
            return await command.ExecuteScalarAsync(cancellationToken);
        }
    }

    private static ApiKeySummary Summary(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3) == nameof(ApiKeyRole.Admin) ? ClientRoles.Admin : ClientRoles.User,
        row.GetFieldValue<string[]>(4), row.GetFieldValue<DateTimeOffset>(5), Time(row, 6), Time(row, 7), Time(row, 8), row.IsDBNull(9) ? null : row.GetString(9));

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
