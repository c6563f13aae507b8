using Npgsql;
using Shabou.Schema.Identity;

namespace Shabou.Migrator;

/// <summary>Makes the configured administrator's key the only valid one of its name; an earlier value stops working.</summary>
internal sealed class SeedAdminKey(TimeProvider time)
{
    private const string Name = "admin";

    public async Task RunAsync(NpgsqlConnection owner, MigratorOptions options, CancellationToken cancellationToken)
    {
        if (options.AdminApiKey is not { Length: > 0 } key) return;
        var now = time.GetUtcNow();
        await using var batch = new NpgsqlBatch(owner) // one transaction: never two valid keys, never none
        {
            BatchCommands =
            {
                new("UPDATE identity.api_keys SET revoked_at = $1 WHERE name = $2 AND revoked_at IS NULL AND hash <> $3")
                {
                    Parameters = { new() { Value = now }, new() { Value = Name }, new() { Value = ApiKey.HashOf(key) } },
                },
                new("""
                    INSERT INTO identity.api_keys (id, name, prefix, hash, role, created_at) VALUES ($1, $2, $3, $4, $5, $6)
                    ON CONFLICT (hash) DO UPDATE SET revoked_at = NULL
                    """)
                {
                    Parameters =
                    {
                        new() { Value = Guid.CreateVersion7(now) }, new() { Value = Name }, new() { Value = key[..ApiKey.PrefixLength] },
                        new() { Value = ApiKey.HashOf(key) }, new() { Value = nameof(ApiKeyRole.Admin) }, new() { Value = now },
                    },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
