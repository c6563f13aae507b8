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
    private readonly LocalCounter _local;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisCounter> _logger;
    private volatile bool _away;

    public RedisCounter(IConnectionMultiplexer redis, IOptions<RateLimitOptions> options, LocalCounter local, TimeProvider time, IMeterFactory meters, ILogger<RedisCounter> logger)
    {
        (_redis, _options, _local, _time, _logger) = (redis, options.Value, local, time, logger);
        meters.Create("Shabou.Gateway").CreateObservableGauge("shabou.gateway.limiter_degraded", () => _away ? 1 : 0,
            description: "1 while Redis is away and each gateway limits alone.");
    }

    /// <returns>Null while Redis is away.</returns>
    internal async ValueTask<Count?> TryCountAsync(string policy, string client, Quota quota, TimeSpan atLeast, CancellationToken cancellationToken)
    {
        if (_away)
            return null;
        try
        {
            return await CountAsync($"{Prefix}{policy}:{client}", quota, atLeast, cancellationToken);
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            Lost(error);
            return null;
        }
    }

    /// <summary>Undoes one count, without waiting for it: lost while Redis is away.</summary>
    internal void GiveBack(string policy, string client, Quota quota)
    {
        if (!_away)
            Gcra.GiveBack(_redis.GetDatabase(), $"{Prefix}{policy}:{client}", quota);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ProbeAsync(stoppingToken); // so that the first request finds a connection, and a script that is known
        using var timer = new PeriodicTimer(_options.ProbeEvery, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            _local.Sweep();
            if (_away)
                await ProbeAsync(stoppingToken);
        }
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CountAsync(Prefix + "probe", new Quota(1_000, TimeSpan.FromMinutes(1)), TimeSpan.Zero, cancellationToken); // which also loads the script
            if (_away)
                LogBack();
            _away = false;
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
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

    private Task<Count> CountAsync(string key, Quota quota, TimeSpan atLeast, CancellationToken cancellationToken) =>
        Gcra.CountAsync(_redis.GetDatabase(), key, quota, atLeast).WaitAsync(_options.RedisTimeout, _time, cancellationToken);

    [LoggerMessage(LogLevel.Error, "limiter_degraded: Redis does not count ({Reason}); this gateway limits alone and refuses costly requests")]
    private partial void LogAway(string reason);

    [LoggerMessage(LogLevel.Information, "Redis counts again; limits are shared")]
    private partial void LogBack();
}
