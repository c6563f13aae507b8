using Npgsql;
using Shabou.Schema.Identity;

namespace Shabou.Migrator;

/// <summary>Lets the configured token make one person administrator, unless it has done so: a used token stays used however often this runs.</summary>
internal sealed class SeedBootstrapToken(TimeProvider time)
{
    public async Task RunAsync(NpgsqlConnection owner, MigratorOptions options, CancellationToken cancellationToken)
    {
        if (options.BootstrapToken is not { Length: > 0 } token) return;
        await using var batch = new NpgsqlBatch(owner) // one transaction: an earlier value that nobody used stops working when this one starts
        {
            BatchCommands =
            {
                new("DELETE FROM identity.bootstrap_tokens WHERE hash <> $1 AND used_at IS NULL") { Parameters = { new() { Value = ApiKey.HashOf(token) } } },
                new("INSERT INTO identity.bootstrap_tokens (hash, created_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING")
                {
                    Parameters = { new() { Value = ApiKey.HashOf(token) }, new() { Value = time.GetUtcNow() } },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
