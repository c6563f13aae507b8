using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Shabou.Gateway.RateLimiting;

/// <summary>The generic cell rate algorithm, run inside Redis: one number per client, no race, one clock for all gateways.</summary>
/// <remarks>The number is the moment at which the client will have its whole quota back. A request moves it one interval ahead and
/// passes unless that lies more than a whole quota in the future. Times are microseconds.</remarks>
internal static class Gcra
{
    internal const string Script =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local interval = tonumber(ARGV[1])
        local whole = tonumber(ARGV[2])
        local full = tonumber(redis.call('GET', KEYS[1]) or now)
        local known = now + tonumber(ARGV[3]) -- what the gateway remembers: an empty Redis opens no window again
        if full < known then full = known end
        if full > now + whole then full = now + whole end -- the clock was set back
        local after = full + interval
        if after - now > whole then
          return { 0, full - now, after - now - whole }
        end
        redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
        return { 1, after - now, 0 }
        """;

    private const string GiveBackScript =
        """
        if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('DECRBY', KEYS[1], ARGV[1]) end
        """;

    // Redis names scripts by their SHA-1; nothing is protected by it.
#pragma warning disable CA5350
    private static readonly byte[] Hash = SHA1.HashData(Encoding.UTF8.GetBytes(Script));
#pragma warning restore CA5350

    /// <summary>Counts one request, in one round trip.</summary>
    /// <param name="redis">Where.</param>
    /// <param name="key">The client's.</param>
    /// <param name="quota">The client's.</param>
    /// <param name="atLeast">Time until the whole quota is back, as far as the caller knows; zero when it knows nothing.</param>
    /// <exception cref="RedisException">Redis is away or refuses.</exception>
    internal static async Task<Count> CountAsync(IDatabase redis, string key, Quota quota, TimeSpan atLeast = default)
    {
        var interval = (long)quota.Interval.TotalMicroseconds;
        RedisKey[] keys = [key];
        RedisValue[] arguments = [interval, interval * quota.Requests, Math.Max(0, (long)atLeast.TotalMicroseconds)];
        RedisResult answer;
        try
        {
            answer = await redis.ScriptEvaluateAsync(Hash, keys, arguments);
        }
        catch (RedisServerException error) when (error.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            answer = await redis.ScriptEvaluateAsync(Script, keys, arguments); // a new or flushed server; now it knows the script
        }
        var (allowed, untilFull, wait) = (long[])answer! switch { [var a, var f, var w] => (a == 1, f, w), _ => throw new RedisException("The limiter's script was not answered with three numbers.") };
        var remaining = (interval * quota.Requests - untilFull) / interval;
        return new Count(allowed, (int)remaining, TimeSpan.FromMicroseconds(untilFull), TimeSpan.FromMicroseconds(wait));
    }

    /// <summary>Undoes one count, without waiting for it: lost when Redis is away.</summary>
    internal static void GiveBack(IDatabase redis, string key, Quota quota) =>
        redis.ScriptEvaluate(GiveBackScript, [key], [(long)quota.Interval.TotalMicroseconds], CommandFlags.FireAndForget);
}

/// <summary>Where a client stands after one request.</summary>
/// <param name="Allowed">Whether the request is within the quota.</param>
/// <param name="Remaining">Requests that would pass now.</param>
/// <param name="FullIn">Until the whole quota is back.</param>
/// <param name="RetryIn">Until one request would pass; zero when one would now.</param>
internal readonly record struct Count(bool Allowed, int Remaining, TimeSpan FullIn, TimeSpan RetryIn);
