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
        local answer = {}
        for i, key in ipairs(KEYS) do
          local interval = tonumber(ARGV[3 * i - 2])
          local whole = tonumber(ARGV[3 * i - 1])
          local full = tonumber(redis.call('GET', key) or now)
          local known = now + tonumber(ARGV[3 * i]) -- what the gateway remembers: an empty Redis opens no window again
          if full < known then full = known end
          if full > now + whole then full = now + whole end -- the clock was set back
          local after = full + interval
          local allowed = after - now <= whole
          if allowed then
            redis.call('SET', key, string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
          end
          answer[3 * i - 2] = allowed and 1 or 0
          answer[3 * i - 1] = (allowed and after or full) - now
          answer[3 * i] = allowed and 0 or after - now - whole
        end
        return answer
        """;

    private const string GiveBackScript =
        """
        if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('DECRBY', KEYS[1], ARGV[1]) end
        """;

    // Redis names scripts by their SHA-1; nothing is protected by it.
#pragma warning disable CA5350
    private static readonly byte[] Hash = SHA1.HashData(Encoding.UTF8.GetBytes(Script));
#pragma warning restore CA5350

    /// <summary>Counts requests one after the other, in one round trip.</summary>
    /// <param name="redis">Where.</param>
    /// <param name="asked">Whose, and how much they may.</param>
    /// <returns>Where each client stands after its request, in the same order.</returns>
    /// <exception cref="RedisException">Redis is away or refuses.</exception>
    internal static async Task<Count[]> CountAsync(IDatabase redis, IReadOnlyList<Asked> asked)
    {
        var keys = new RedisKey[asked.Count];
        var arguments = new RedisValue[3 * asked.Count];
        for (var i = 0; i < asked.Count; i++)
        {
            var (key, quota, atLeast) = asked[i];
            var interval = IntervalOf(quota);
            keys[i] = key;
            (arguments[3 * i], arguments[(3 * i) + 1], arguments[(3 * i) + 2]) = (interval, interval * quota.Requests, Math.Max(0, (long)atLeast.TotalMicroseconds));
        }
        RedisResult answer;
        try
        {
            answer = await redis.ScriptEvaluateAsync(Hash, keys, arguments);
        }
        catch (RedisServerException error) when (error.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            answer = await redis.ScriptEvaluateAsync(Script, keys, arguments); // a new or flushed server; now it knows the script
        }
        if ((long[]?)answer is not { } numbers || numbers.Length != arguments.Length)
            throw new RedisException("The limiter's script was not answered with three numbers for each client.");
        var counts = new Count[asked.Count];
        for (var i = 0; i < counts.Length; i++)
        {
            var (interval, whole, untilFull) = ((long)arguments[3 * i], (long)arguments[(3 * i) + 1], numbers[(3 * i) + 1]);
            counts[i] = new Count(numbers[3 * i] == 1, (int)((whole - untilFull) / interval), TimeSpan.FromMicroseconds(untilFull), TimeSpan.FromMicroseconds(numbers[(3 * i) + 2]));
        }
        return counts;
    }

    /// <summary>Undoes one count, without waiting for it: lost when Redis is away.</summary>
    internal static void GiveBack(IDatabase redis, string key, Quota quota) =>
        redis.ScriptEvaluate(GiveBackScript, [key], [IntervalOf(quota)], CommandFlags.FireAndForget);

    private static long IntervalOf(Quota quota) => (long)quota.Interval.TotalMicroseconds;
}

/// <summary>One request to count.</summary>
/// <param name="Key">The client's, in Redis.</param>
/// <param name="Quota">The client's.</param>
/// <param name="AtLeast">Time until the whole quota is back, as far as the caller knows; zero when it knows nothing.</param>
internal readonly record struct Asked(string Key, Quota Quota, TimeSpan AtLeast = default);

/// <summary>Where a client stands after one request.</summary>
/// <param name="Allowed">Whether the request is within the quota.</param>
/// <param name="Remaining">Requests that would pass now.</param>
/// <param name="FullIn">Until the whole quota is back.</param>
/// <param name="RetryIn">Until one request would pass; zero when one would now.</param>
internal readonly record struct Count(bool Allowed, int Remaining, TimeSpan FullIn, TimeSpan RetryIn);
