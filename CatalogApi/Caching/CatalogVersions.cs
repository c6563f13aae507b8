using StackExchange.Redis;

namespace Shabou.CatalogApi.Caching;

/// <summary>Tells every replica that what it has in its cache is old. Call it after the commit and before the answer: a caller that has its
/// answer finds its write wherever it reads next.</summary>
internal sealed class CatalogVersions(IConnectionMultiplexer redis, IHttpContextAccessor current)
{
    /// <summary>A part, and with it every list, has changed.</summary>
    public Task ProductChangedAsync(Guid id, CancellationToken cancellationToken)
    {
        if (Uncommitted is not { } changes) return BumpAsync($"shabou:catalog:product:{id:N}", cancellationToken);
        changes.AddProduct(id);
        return Task.CompletedTask;
    }

    /// <summary>Anything may have changed: a price list, a renamed brand, a bulk upsert.</summary>
    public Task EverythingChangedAsync(CancellationToken cancellationToken)
    {
        if (Uncommitted is not { } changes) return BumpAsync("shabou:catalog:epoch", cancellationToken);
        changes.AddEverything();
        return Task.CompletedTask;
    }

    // Somebody around this endpoint commits later, and tells then.
    private UncommittedChanges? Uncommitted => current.HttpContext?.Features.Get<UncommittedChanges>();

    private Task<long> BumpAsync(string key, CancellationToken cancellationToken) => redis.GetDatabase().StringIncrementAsync(key).WaitAsync(cancellationToken);
}
