using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Shabou.CatalogApi.Caching;

/// <summary>Answers that are read often, kept in this process and in Redis under the version they were read at. A changed version makes another
/// key, so an old answer is never found; it ends by its time.</summary>
internal sealed class CatalogCache : IDisposable
{
    public const string MeterName = "Shabou.Catalog";

    private readonly CatalogVersions _versions;
    private readonly IConnectionMultiplexer _redis;
    private readonly IServiceScopeFactory _scopes;
    private readonly CacheOptions _options;
    private readonly MemoryCache _local;
    private readonly Counter<long> _requests;
    private readonly ConcurrentDictionary<string, Lazy<Task<CachedAnswer?>>> _underWay = new();

    public CatalogCache(CatalogVersions versions, IConnectionMultiplexer redis, IServiceScopeFactory scopes, IOptions<CacheOptions> options, IMeterFactory meters)
    {
        (_versions, _redis, _scopes, _options) = (versions, redis, scopes, options.Value);
        _local = new(new MemoryCacheOptions { SizeLimit = _options.LocalMegabytes * 1024L * 1024L });
        _requests = meters.Create(MeterName).CreateCounter<long>("shabou.catalog.cache.requests", "{request}",
            "Reads through the cache by outcome: local, redis, miss, or away when Redis could not say what is current.");
    }

    /// <summary>The answer as of now: from this process, from Redis, or read anew; callers who miss the same answer together read it once.</summary>
    /// <param name="scope">What it depends on: <see cref="CatalogVersions.Lists"/> or <see cref="CatalogVersions.Product"/>.</param>
    /// <param name="key">Tells answers of the scope apart; at most a few hundred characters.</param>
    /// <param name="read">Reads it with services of its own, because its caller may leave while others wait. Null is not kept.</param>
    /// <param name="unchanged">An answer for a caller that has this version already, or null: then nothing needs to be read.</param>
    /// <param name="keep">False for what is seldom asked for twice, such as the later pages of a list: it would only push out the rest.</param>
    /// <param name="cancellationToken">Stops this caller's waiting only.</param>
    public async ValueTask<CachedAnswer?> GetAsync(
        string scope, string key, Func<IServiceProvider, string?, CancellationToken, Task<CachedAnswer?>> read, Func<string, CachedAnswer?>? unchanged = null, bool keep = true,
        CancellationToken cancellationToken = default)
    {
        if (await _versions.CurrentAsync(scope) is not { } version)
        {
            Count("away");
            return await ReadAsync(read, null, cancellationToken);
        }
        if (unchanged?.Invoke(version) is { } same)
        {
            Count("local");
            return same;
        }
        if (!keep) return await ReadAsync(read, version, cancellationToken);
        var versioned = $"{_options.Prefix}:answer:{version}:{key}";
        if (_local.TryGetValue(versioned, out CachedAnswer? answer))
        {
            Count("local");
            return answer;
        }
        var reading = _underWay.GetOrAdd(versioned, k => new(() => FillAsync(k, version, read)));
        return await reading.Value.WaitAsync(cancellationToken);
    }

    public void Dispose() => _local.Dispose();

    private async Task<CachedAnswer?> FillAsync(string key, string version, Func<IServiceProvider, string?, CancellationToken, Task<CachedAnswer?>> read)
    {
        try
        {
            var stored = await FromRedisAsync(key);
            Count(stored is null ? "miss" : "redis");
            var answer = stored ?? await ReadAsync(read, version, CancellationToken.None);
            if (answer is null) return null;
            var life = _options.TimeToLive * (0.8 + 0.4 * Random.Shared.NextDouble());
            _local.Set(key, answer, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = life, Size = answer.Body.Length + 2 * key.Length + 200 });
            if (stored is null) _ = _redis.GetDatabase().StringSetAsync(key, answer.ToBytes(), life, flags: CommandFlags.FireAndForget);
            return answer;
        }
        finally
        {
            _underWay.TryRemove(key, out _);
        }
    }

    private async Task<CachedAnswer?> FromRedisAsync(string key)
    {
        try
        {
            return CachedAnswer.FromBytes(await _redis.GetDatabase().StringGetAsync(key).WaitAsync(_options.RedisTimeout));
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            return null; // the database has it
        }
    }

    private async Task<CachedAnswer?> ReadAsync(Func<IServiceProvider, string?, CancellationToken, Task<CachedAnswer?>> read, string? version, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        return await read(scope.ServiceProvider, version, cancellationToken);
    }

    private void Count(string outcome) => _requests.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
