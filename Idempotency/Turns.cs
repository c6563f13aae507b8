using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Shabou.Idempotency;

/// <summary>Lets one request of a key at a time go to the database, by a lock in Redis: of fifty repetitions forty-nine would otherwise hold a connection
/// each while they wait for the first.</summary>
/// <remarks>Only a courtesy: the unique row in PostgreSQL decides. Redis away or emptied, or a lock that lapsed under a slow request, costs waiting
/// connections and nothing else.</remarks>
internal sealed partial class Turns(IConnectionMultiplexer redis, IOptions<IdempotencyOptions> options, TimeProvider time, ILogger<Turns> logger)
{
    /// <summary>A holder that was killed is out of the way after this.</summary>
    internal static readonly TimeSpan Lapse = TimeSpan.FromSeconds(30);

    private const string Prefix = "shabou:idempotency:";
    private const string Answered = "answered";

    // Only what is still ours: the lock may have lapsed and be another's.
    private const string GiveBackScript =
        """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        if ARGV[2] == '1' then redis.call('SET', KEYS[1], 'answered', 'PX', 60000) else redis.call('DEL', KEYS[1]) end
        return 1
        """;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    /// <param name="key">The key's hash.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>With <see cref="Turn.Taken"/> a token for <see cref="GiveBackAsync"/>.</returns>
    public async Task<(Turn Turn, string? Token)> TakeAsync(byte[] key, CancellationToken cancellationToken)
    {
        var (name, token) = (NameOf(key), Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
        var (until, wait) = (time.GetUtcNow() + options.Value.Patience, ShortestWait);
        try
        {
            while (true)
            {
                if (await redis.GetDatabase().StringSetAsync(name, token, Lapse, When.NotExists).WaitAsync(options.Value.RedisTimeout, time, cancellationToken)) return (Turn.Taken, token);
                if (await redis.GetDatabase().StringGetAsync(name).WaitAsync(options.Value.RedisTimeout, time, cancellationToken) == Answered) return (Turn.Free, null);
                if (time.GetUtcNow() >= until) return (Turn.TooLong, null);
                await Task.Delay(wait, time, cancellationToken);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
        catch (Exception away) when (away is RedisException or TimeoutException)
        {
            LogAway(away.Message);
            return (Turn.Free, null);
        }
    }

    /// <summary>Lets the others go on.</summary>
    /// <param name="key">The key's hash.</param>
    /// <param name="token">What was taken.</param>
    /// <param name="isAnswered">Whether the answer is stored: then they need not come one by one.</param>
    public async Task GiveBackAsync(byte[] key, string token, bool isAnswered)
    {
        try
        {
            await redis.GetDatabase().ScriptEvaluateAsync(GiveBackScript, [NameOf(key)], [token, isAnswered ? "1" : "0"]).WaitAsync(options.Value.RedisTimeout, time);
        }
        catch (Exception away) when (away is RedisException or TimeoutException)
        {
            LogAway(away.Message);
        }
    }

    internal static string NameOf(byte[] key) => Prefix + Convert.ToHexStringLower(key);

    [LoggerMessage(LogLevel.Debug, "Redis keeps no order among repeated requests ({Reason}); the database does")]
    private partial void LogAway(string reason);
}
