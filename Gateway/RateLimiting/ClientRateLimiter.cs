using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Identity;

namespace Shabou.Gateway.RateLimiting;

/// <summary>Counts every request against its client's quota and tells the client in the answer's headers where it stands.</summary>
internal sealed class ClientRateLimiter(RedisCounter redis, LocalCounter local, IOptions<RateLimitOptions> options) : PartitionedRateLimiter<HttpContext>
{
    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

    /// <summary>Counting takes a round trip, so ASP.NET Core's first, synchronous question is always answered with "wait".</summary>
    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount) => LimitLease.Undecided;

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(HttpContext resource, int permitCount, CancellationToken cancellationToken)
    {
        if (AnonymousEndpoints.Paths.Contains(resource.Request.Path.Value ?? ""))
            return LimitLease.Unlimited;
        var policy = resource.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName ?? RateLimits.PerClient;
        var client = ClientSubject.Of(resource);
        var shared = await redis.TryCountAsync(policy, client, cancellationToken);
        var lease = shared is { } count
            ? new LimitLease(policy, options.Value.Of(policy), count, degraded: false)
            : new LimitLease(policy, options.Value.Of(policy), local.Count(policy, client), degraded: true);
        lease.Announce(resource.Response.Headers);
        return lease;
    }
}
