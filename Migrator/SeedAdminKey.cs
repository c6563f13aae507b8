using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Identity;

namespace Shabou.Migrator;

/// <summary>Makes the configured administrator's key the only valid one of its name; an earlier value stops working.</summary>
internal sealed class SeedAdminKey(TimeProvider time)
{
    private const string Name = "admin";

    public async Task RunAsync(ShabouContext context, MigratorOptions options, CancellationToken cancellationToken)
    {
        if (options.AdminApiKey is not { Length: > 0 } key) return;
        var hash = ApiKey.HashOf(key);
        var now = time.GetUtcNow();
        foreach (var old in await context.ApiKeys.Where(k => k.Name == Name && k.RevokedAt == null && k.Hash != hash).ToListAsync(cancellationToken))
            old.RevokedAt = now;
        if (await context.ApiKeys.SingleOrDefaultAsync(k => k.Hash == hash, cancellationToken) is { } existing)
            existing.RevokedAt = null;
        else
            context.ApiKeys.Add(new()
            {
                Id = Guid.CreateVersion7(now),
                Name = Name,
                Prefix = key[..ApiKey.PrefixLength],
                Hash = hash,
                Role = ApiKeyRole.Admin,
                CreatedAt = now,
            });
        await context.SaveChangesAsync(cancellationToken);
    }
}
