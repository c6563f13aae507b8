using Microsoft.Extensions.Options;

namespace Shabou.Gateway.RateLimiting;

/// <summary>Counts in Redis, for all gateways; while it is away, alone.</summary>
internal sealed class SharedCounter(RedisCounter redis, LocalCounter local, IOptions<RateLimitOptions> options)
{
    /// <summary>Counts one request: one round trip, and none while Redis is away.</summary>
    /// <param name="policy">The limit's name, which is the first part of the count's name too.</param>
    /// <param name="client">Whose count.</param>
    /// <param name="quota">How much.</param>
    internal async ValueTask<Standing> CountAsync(string policy, string client, Quota quota)
    {
        // Both moments err on the client's side, by no more than Redis may take: a slow answer must not cost a client anything.
        var atLeast = local.FullIn(policy, client) - options.Value.RedisTimeout;
        var sent = local.Now;
        if (redis.IsThere)
            try
            {
                var count = await redis.CountAsync(policy, client, quota, atLeast);
                local.Learn(policy, client, sent + count.FullIn);
                return new Standing(policy, quota, count, Degraded: false);
            }
            catch (Exception error) when (redis.HasLost(error))
            {
                // this gateway counts alone
            }
        return new Standing(policy, quota, local.Count(policy, client, quota), Degraded: true);
    }

    /// <summary>Undoes one count, without waiting for it.</summary>
    internal void GiveBack(string policy, string client, Quota quota)
    {
        local.GiveBack(policy, client, quota.Interval);
        redis.GiveBack(policy, client, quota);
    }
}

/// <summary>What a count of one limit came to.</summary>
/// <param name="Policy">Its name, as answers say it.</param>
/// <param name="Quota">Of all gateways together.</param>
/// <param name="Count">Where the client stands.</param>
/// <param name="Degraded">Counted by this gateway alone.</param>
internal readonly record struct Standing(string Policy, Quota Quota, Count Count, bool Degraded);
