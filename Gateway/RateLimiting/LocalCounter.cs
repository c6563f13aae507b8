using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Shabou.Gateway.RateLimiting;

/// <summary>Takes over while Redis is away: this gateway's part of each client's quota, counted in memory.</summary>
internal sealed class LocalCounter(IOptions<RateLimitOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<(string Policy, string Client)> _limiter =
        PartitionedRateLimiter.Create<(string Policy, string Client), (string, string)>(request => RateLimitPartition.GetTokenBucketLimiter(request, _ =>
        {
            var (part, interval) = PartOf(options.Value, request.Policy);
            return new() { TokenLimit = part, TokensPerPeriod = 1, ReplenishmentPeriod = interval, QueueLimit = 0 };
        }));

    internal Count Count(string policy, string client)
    {
        using var lease = _limiter.AttemptAcquire((policy, client));
        var (part, interval) = PartOf(options.Value, policy);
        var remaining = (int)Math.Min(_limiter.GetStatistics((policy, client))?.CurrentAvailablePermits ?? 0, part);
        return new Count(lease.IsAcquired, lease.IsAcquired ? remaining : 0, interval * (part - remaining), lease.IsAcquired ? TimeSpan.Zero : interval);
    }

    public void Dispose() => _limiter.Dispose();

    private static (int Part, TimeSpan Interval) PartOf(RateLimitOptions options, string policy)
    {
        var quota = options.Of(policy);
        var part = Math.Max(1, quota.Requests / options.Replicas);
        return (part, quota.Window / part);
    }
}
