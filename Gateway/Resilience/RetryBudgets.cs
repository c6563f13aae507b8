using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Shabou.Gateway.Resilience;

/// <summary>A budget for each cluster.</summary>
internal sealed class RetryBudgets(IOptions<ResilienceOptions> options)
{
    private readonly ConcurrentDictionary<string, RetryBudget> _budgets = new(StringComparer.OrdinalIgnoreCase);

    internal RetryBudget Of(string cluster) => _budgets.GetOrAdd(cluster, _ => new RetryBudget(options.Value.Retry));
}

/// <summary>Each request earns a part of a retry, and a retry spends a whole one: when a service is away, asking again must not add to
/// its load. It begins empty, so tries never exceed 1 + <see cref="RetryOptions.Budget"/> times the requests.</summary>
internal sealed class RetryBudget(RetryOptions options)
{
    private const long Whole = 1_000_000;

    private readonly long _earned = (long)Math.Round(options.Budget * Whole);
    private readonly long _most = options.Saved * Whole;
    private long _saved;

    internal void Earn()
    {
        if (Volatile.Read(ref _saved) < _most)
            Interlocked.Add(ref _saved, _earned); // may pass the limit by what others add just now; the next one sees it
    }

    internal bool TrySpend()
    {
        var saved = Volatile.Read(ref _saved);
        while (saved >= Whole)
        {
            var before = Interlocked.CompareExchange(ref _saved, saved - Whole, saved);
            if (before == saved)
                return true;
            saved = before;
        }
        return false;
    }
}
