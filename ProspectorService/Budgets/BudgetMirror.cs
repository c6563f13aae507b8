using System.Globalization;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Shabou.ProspectorService.Budgets;

/// <summary>Copies the ledger's counts to Redis, for whoever watches there. It comes after the commit, does its best, and is never read here:
/// without Redis, or with an emptied one, every grant is as before.</summary>
/// <remarks>The copy has the ledger's version, and an older one does not replace a newer one, whichever replica is slow. Lapsed reservations are
/// looked for every 30 seconds, which is a change too: so an emptied Redis has its copy again within that time.</remarks>
internal sealed partial class BudgetMirror(IConnectionMultiplexer redis, LedgerNews news, IOptionsMonitor<PlacesBudgetOptions> options, ILogger<BudgetMirror> logger) : BackgroundService
{
    // A database that was restored from a backup has lower versions than its copy, which therefore must end some time.
    private const int KeptSeconds = 3_600;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const string ReplaceOlder = """
        local stored = redis.call('HGET', KEYS[1], 'version')
        if stored and tonumber(stored) > tonumber(ARGV[2]) then return 0 end
        redis.call('DEL', KEYS[1])
        redis.call('HSET', KEYS[1], 'version', ARGV[2], unpack(ARGV, 3))
        redis.call('EXPIRE', KEYS[1], ARGV[1])
        return 1
        """;

    private bool _away;

    /// <summary>Writes a snapshot unless Redis has a newer one.</summary>
    /// <returns>Whether it was written.</returns>
    internal async Task<bool> WriteAsync(LedgerSnapshot snapshot, CancellationToken cancellationToken)
    {
        var written = await redis.GetDatabase().ScriptEvaluateAsync(ReplaceOlder, [options.CurrentValue.MirrorKey], Arguments(snapshot)).WaitAsync(Patience, cancellationToken);
        return (int)written == 1;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var next = news.NextAsync();
                if (news.Latest is { } latest) await TryAsync(latest, stoppingToken);
                await next.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task TryAsync(LedgerSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(snapshot, cancellationToken);
            _away = false;
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            if (!_away) LogAway(error.Message);
            _away = true;
        }
    }

    private static RedisValue[] Arguments(LedgerSnapshot s) =>
    [
        KeptSeconds, s.Version,
        "at", s.At.ToString("O", CultureInfo.InvariantCulture), "killed", s.Killed ? 1 : 0, "day", s.Day.ToString("O", CultureInfo.InvariantCulture),
        "day_used", s.DayUsed, "day_reserved", s.DayReserved, "day_left", s.DayLeft, "last_24h", s.LastDay, "last_24h_left", s.LastDayLeft,
        "month_used", s.MonthUsed, "month_reserved", s.MonthReserved, "month_left", s.MonthLeft,
        "spent_micros", s.SpentMicros, "reserved_micros", s.ReservedMicros, "left_micros", s.LeftMicros,
    ];

    [LoggerMessage(LogLevel.Warning, "The budget's counts could not be copied to Redis; grants go on as before: {Reason}")]
    private partial void LogAway(string reason);
}
