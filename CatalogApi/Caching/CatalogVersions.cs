using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Shabou.CatalogApi.Caching;

/// <summary>The versions of what readers may have cached, in Redis, where all replicas see them. A reader asks for the version with every request;
/// a writer replaces it after its commit and before its answer, so that whoever has the answer finds the write, wherever it reads next.</summary>
/// <remarks>Versions are random, not counted: an emptied Redis cannot bring an old one back. When Redis has failed in any way, the epoch is
/// replaced before its answers are believed again, because a write may have gone unnoticed meanwhile.</remarks>
internal sealed partial class CatalogVersions(IConnectionMultiplexer redis, IHttpContextAccessor current, IOptions<CacheOptions> options, TimeProvider time, ILogger<CatalogVersions> logger) : IDisposable
{
    /// <summary>The version of every list.</summary>
    public const string Lists = "lists";

    private static readonly TimeSpan s_productVersionLife = TimeSpan.FromHours(1); // much longer than anything stays cached

    private readonly string _prefix = options.Value.Prefix + ':';
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private Flight? _waiting;
    private bool _flying;
    private bool _settling;
    private volatile bool _owesEpoch = true; // at the start too: what happened before is not known
    private long _leaveAloneUntil;

    /// <summary>The version of one part.</summary>
    public static string Product(Guid id) => $"product:{id:N}";

    private string Epoch => _prefix + "epoch";

    /// <summary>A part, and with it every list, has changed.</summary>
    public Task ProductChangedAsync(Guid id, CancellationToken cancellationToken)
    {
        if (Uncommitted is not { } changes)
            return ReplaceAsync(db => Task.WhenAll(db.StringSetAsync(_prefix + Product(id), New(), s_productVersionLife), db.StringSetAsync(_prefix + Lists, New())), cancellationToken);
        changes.AddProduct(id);
        return Task.CompletedTask;
    }

    /// <summary>Anything may have changed: a price list, a renamed brand, a bulk upsert.</summary>
    public Task EverythingChangedAsync(CancellationToken cancellationToken)
    {
        if (Uncommitted is not { } changes) return ReplaceAsync(db => db.StringSetAsync(Epoch, New()), cancellationToken);
        changes.AddEverything();
        return Task.CompletedTask;
    }

    // Somebody around this endpoint commits later, and tells then.
    private UncommittedChanges? Uncommitted => current.HttpContext?.Features.Get<UncommittedChanges>();

    /// <summary>The version now, read after this call; null when Redis is away: then nothing cached may be used.</summary>
    /// <remarks>Callers that come while an answer is under way wait for the next one and share it: one round trip serves them all.</remarks>
    public Task<string?> CurrentAsync(string key)
    {
        if (time.GetTimestamp() < Volatile.Read(ref _leaveAloneUntil)) return Task.FromResult<string?>(null);
        lock (_gate)
        {
            var flight = _waiting ??= new();
            var version = flight.Add(key);
            if (_flying) return version;
            _flying = true;
            _ = Task.Run(FlyAsync);
            return version;
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task FlyAsync()
    {
        while (true)
        {
            Flight flight;
            lock (_gate)
            {
                if (_waiting is null)
                {
                    _flying = false;
                    return;
                }
                (flight, _waiting) = (_waiting, null);
            }
            try
            {
                var db = redis.GetDatabase();
                if (_owesEpoch) await PayAsync(db);
                RedisKey[] keys = [Epoch, .. flight.Keys.Select(k => (RedisKey)(_prefix + k))];
                var values = await db.StringGetAsync(keys).WaitAsync(options.Value.RedisTimeout, _stopping.Token);
                if (values[0].IsNull) // emptied: start a new epoch
                {
                    await PayAsync(db);
                    values = await db.StringGetAsync(keys).WaitAsync(options.Value.RedisTimeout, _stopping.Token);
                }
                flight.Arrive(values);
            }
            catch (Exception error) when (error is RedisException or TimeoutException or OperationCanceledException or ObjectDisposedException)
            {
                Failed(error);
                flight.Fail();
            }
        }
    }

    private async Task ReplaceAsync(Func<IDatabase, Task> replace, CancellationToken cancellationToken)
    {
        try
        {
            await replace(redis.GetDatabase()).WaitAsync(options.Value.RedisTimeout, cancellationToken);
        }
        catch (Exception error) when (error is RedisException or TimeoutException or OperationCanceledException)
        {
            Failed(error); // the write stands; its notice is owed
        }
    }

    private void Failed(Exception error)
    {
        _owesEpoch = true;
        Volatile.Write(ref _leaveAloneUntil, time.GetTimestamp() + (long)(options.Value.RetryAfter.TotalSeconds * time.TimestampFrequency));
        lock (_gate)
        {
            if (_settling || _stopping.IsCancellationRequested) return;
            _settling = true;
        }
        LogAway(error.Message);
        _ = Task.Run(SettleAsync);
    }

    /// <summary>Pays the epoch as soon as Redis answers, even when nobody reads here: other replicas may have reached Redis all the time.</summary>
    private async Task SettleAsync()
    {
        try
        {
            while (_owesEpoch)
            {
                await Task.Delay(options.Value.RetryAfter, time, _stopping.Token);
                try
                {
                    await PayAsync(redis.GetDatabase());
                    LogBack();
                }
                catch (Exception error) when (error is RedisException or TimeoutException)
                {
                    // still away
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // the host stops
        }
        finally
        {
            lock (_gate) _settling = false;
        }
    }

    private async Task PayAsync(IDatabase db)
    {
        _owesEpoch = false; // first: a failure from here on owes another one
        try
        {
            await db.StringSetAsync(Epoch, New()).WaitAsync(options.Value.RedisTimeout, _stopping.Token);
        }
        catch
        {
            _owesEpoch = true;
            throw;
        }
    }

    private static RedisValue New() => Guid.NewGuid().ToString("N");

    [LoggerMessage(LogLevel.Warning, "Redis is away: every read goes to the database ({Reason})")] private partial void LogAway(string reason);
    [LoggerMessage(LogLevel.Information, "Redis answers again: reads are cached anew")] private partial void LogBack();

    /// <summary>Readers that share one round trip.</summary>
    private sealed class Flight
    {
        private readonly Dictionary<string, TaskCompletionSource<string?>> _readers = [];

        public IEnumerable<string> Keys => _readers.Keys;

        public Task<string?> Add(string key)
        {
            if (!_readers.TryGetValue(key, out var reader)) _readers[key] = reader = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return reader.Task;
        }

        public void Arrive(RedisValue[] values)
        {
            var i = 1;
            foreach (var reader in _readers.Values) reader.SetResult($"{values[0]}.{values[i++]}");
        }

        public void Fail()
        {
            foreach (var reader in _readers.Values) reader.TrySetResult(null);
        }
    }
}
