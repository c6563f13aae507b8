using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Shabou.Schema;

namespace Shabou.CatalogApi.Forecasts;

/// <summary>A good answer of the forecast service.</summary>
/// <param name="WrittenAt">When it was stored last; null when it was not yet.</param>
internal sealed record KeptForecast(byte[] Body, DateTimeOffset FetchedAt, DateTimeOffset? WrittenAt);

/// <summary>The last good forecasts: recent ones in memory, all of them in the database.</summary>
internal sealed class KeptForecasts(IOptions<ForecastOptions> options, TimeProvider time) : IDisposable
{
    private readonly MemoryCache _recent = new(new MemoryCacheOptions { SizeLimit = options.Value.MemoryBytes });

    /// <summary>Keeps it in memory only: it came when nobody waited any more.</summary>
    public void Keep(Guid product, int? horizon, byte[] body) => Remember(product, horizon, new(body, time.GetUtcNow(), Recent(product, horizon) is { } old && Same(old, body) ? old.WrittenAt : null));

    /// <summary>Keeps it, and stores it when it is new or what is stored has become old.</summary>
    public async Task KeepAsync(Guid product, int? horizon, byte[] body, ShabouContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var oldest = now - options.Value.RewriteAfter;
        if (Recent(product, horizon) is { WrittenAt: { } written } known && written > oldest && Same(known, body))
        {
            Remember(product, horizon, known with { FetchedAt = now });
            return;
        }
        var text = System.Text.Encoding.UTF8.GetString(body);
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO catalog.forecast_copies AS c (product_id, horizon, body, fetched_at) VALUES ({product}, {horizon ?? 0}, {text}, {now})
            ON CONFLICT (product_id, horizon) DO UPDATE SET body = excluded.body, fetched_at = excluded.fetched_at WHERE c.body <> excluded.body OR c.fetched_at < {oldest}
            """, cancellationToken);
        Remember(product, horizon, new(body, now, now));
    }

    /// <returns>Null when there never was one.</returns>
    public async Task<KeptForecast?> FindAsync(Guid product, int? horizon, ShabouContext context, CancellationToken cancellationToken)
    {
        if (Recent(product, horizon) is { } recent) return recent;
        var stored = await context.ForecastCopies.AsNoTracking().SingleOrDefaultAsync(c => c.ProductId == product && c.Horizon == (horizon ?? 0), cancellationToken);
        if (stored is null) return null;
        var kept = new KeptForecast(System.Text.Encoding.UTF8.GetBytes(stored.Body), stored.FetchedAt, stored.FetchedAt);
        Remember(product, horizon, kept);
        return kept;
    }

    public void Dispose() => _recent.Dispose();

    private static bool Same(KeptForecast kept, byte[] body) => kept.Body.AsSpan().SequenceEqual(body);

    private KeptForecast? Recent(Guid product, int? horizon) => _recent.Get<KeptForecast>((product, horizon));

    private void Remember(Guid product, int? horizon, KeptForecast kept) => _recent.Set((product, horizon), kept, new MemoryCacheEntryOptions { Size = kept.Body.Length + 200 });
}
