using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Shabou.Gateway.RateLimiting;

/// <summary>Counts in Redis, and knows whether it is there: one request finds out that it is away, none after waits for it, and
/// a probe beside the requests finds out that it is back.</summary>
internal sealed partial class RedisCounter : BackgroundService
{
    private const string Prefix = "shabou:limit:";

    private readonly IConnectionMultiplexer _redis;
    private readonly RateLimitOptions _options;
    private readonly SharedRoundTrips _roundTrips;
    private readonly LocalCounter _local;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisCounter> _logger;
    private volatile bool _away;

    public RedisCounter(IConnectionMultiplexer redis, IOptions<RateLimitOptions> options, LocalCounter local, TimeProvider time, IMeterFactory meters, ILogger<RedisCounter> logger)
    {
        (_redis, _options, _local, _time, _logger) = (redis, options.Value, local, time, logger);
        _roundTrips = new SharedRoundTrips(asked => Gcra.CountAsync(_redis.GetDatabase(), asked).WaitAsync(_options.RedisTimeout, _time));
        meters.Create("Shabou.Gateway").CreateObservableGauge("shabou.gateway.limiter_degraded", () => _away ? 1 : 0,
            description: "1 while Redis is away and each gateway limits alone.");
    }

    /// <summary>Whether it makes sense to ask.</summary>
    internal bool IsThere => !_away;

    /// <exception cref="Exception">Redis does not count, see <see cref="HasLost"/>.</exception>
    internal Task<Count> CountAsync(string policy, string client, Quota quota, TimeSpan atLeast) =>
        _roundTrips.CountAsync(new($"{Prefix}{policy}:{client}", quota, atLeast));

    /// <summary>Whether this error means that Redis is away, which is then known to all who would ask.</summary>
    internal bool HasLost(Exception error)
    {
        if (error is not (RedisException or TimeoutException))
            return false;
        Lost(error);
        return true;
    }

    /// <summary>Undoes one count, without waiting for it: lost while Redis is away.</summary>
    internal void GiveBack(string policy, string client, Quota quota)
    {
        if (!_away)
            Gcra.GiveBack(_redis.GetDatabase(), $"{Prefix}{policy}:{client}", quota);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ProbeAsync(); // so that the first request finds a connection, and a script that is known
        using var timer = new PeriodicTimer(_options.ProbeEvery, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            _local.Sweep();
            if (_away)
                await ProbeAsync();
        }
    }

    private async Task ProbeAsync()
    {
        try
        {
            await _roundTrips.CountAsync(new(Prefix + "probe", new Quota(1_000, TimeSpan.FromMinutes(1)))); // which also loads the script
            if (_away)
                LogBack();
            _away = false;
        }
        catch (Exception error) // whatever it is: a probe that fails must not end the gateway
        {
            Lost(error);
        }
    }

    private void Lost(Exception error)
    {
        if (!_away)
            LogAway(error.Message);
        _away = true;
    }

    [LoggerMessage(LogLevel.Error, "limiter_degraded: Redis does not count ({Reason}); this gateway limits alone and refuses costly requests")]
    private partial void LogAway(string reason);

    [LoggerMessage(LogLevel.Information, "Redis counts again; limits are shared")]
    private partial void LogBack();
}
