using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Gateway.RateLimiting;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Identity;

/// <summary>Whose key is it? Asks the database at most once per key, network and <see cref="ApiKeyOptions.FreshFor"/>, however many ask.</summary>
/// <remarks>One plain statement: building EF's model for it would cost the first client two seconds. Ages are monotonic: a clock that is set back
/// makes no answer hold longer.</remarks>
internal sealed partial class ApiKeyDirectory(
    NpgsqlDataSource database, GuessLimit guesses, IOptions<ApiKeyOptions> options, TimeProvider time, ILogger<ApiKeyDirectory> logger) : IDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    // Apart, so that somebody who tries keys cannot push out those that are in use.
    private readonly MemoryCache _found = new(new MemoryCacheOptions { SizeLimit = options.Value.Remembered });
    private readonly MemoryCache _unknown = new(new MemoryCacheOptions { SizeLimit = options.Value.Remembered });
    private readonly ConcurrentDictionary<(string Name, string? Network), Task<LookUp>> _underWay = new();
    private long _away = long.MinValue; // when the database was found away: for a while nobody waits to learn it again

    /// <param name="key">As the client sent it.</param>
    /// <param name="http">Who sent it: a key that was not seen lately is a guess of its network until the database says otherwise, and
    /// beyond <see cref="GuessLimit"/> the database is not asked. Null for the gateway itself.</param>
    /// <param name="cancellationToken">Stops waiting; others may wait for the same answer.</param>
    /// <returns>The key's record, be it revoked or expired; null when there is none, or too many were tried.</returns>
    /// <exception cref="ApiKeysUnavailableException">The database does not answer and this key was not seen lately.</exception>
    internal async ValueTask<KnownKey?> FindAsync(string key, HttpContext? http, CancellationToken cancellationToken)
    {
        var hash = ApiKey.HashOf(key);
        var name = Convert.ToHexString(hash);
        var remembered = _found.TryGetValue(name, out Remembered? found) && IsYounger(found!.At, options.Value.UsableFor) ? found : null;
        if (remembered is not null && IsYounger(remembered.At, options.Value.FreshFor))
            return remembered.Key;
        if (remembered is null && _unknown.TryGetValue(name, out long at) && IsYounger(at, options.Value.UnknownFor))
            return null;
        var network = remembered is null && http is not null ? ClientSubject.OfNetwork(http) : null;
        try
        {
            if (Interlocked.Read(ref _away) is > long.MinValue and var since && IsYounger(since, PauseAfterFailure))
                throw new ApiKeysUnavailableException();
            var lookUp = await InTimeAsync(_underWay.GetOrAdd((name, network), _ => LoadAsync(name, hash, network)), remembered is not null, cancellationToken);
            if (lookUp.Counted() is { } standing)
                http?.Features.Set(new GuessCount(standing));
            return lookUp.Key;
        }
        catch (ApiKeysUnavailableException) when (remembered is not null)
        {
            return remembered.Key;
        }
    }

    public void Dispose()
    {
        _found.Dispose();
        _unknown.Dispose();
    }

    // A database that hangs holds the question longer than whoever asked has to wait: least of all who is known.
    private async Task<LookUp> InTimeAsync(Task<LookUp> asked, bool isKnown, CancellationToken cancellationToken)
    {
        try
        {
            return await asked.WaitAsync(isKnown ? options.Value.Patience / 2 : options.Value.Patience * 1.5, time, cancellationToken);
        }
        catch (TimeoutException slow)
        {
            throw new ApiKeysUnavailableException(slow);
        }
    }

    /// <remarks>Belongs to no request, since others may wait for it too.</remarks>
    private async Task<LookUp> LoadAsync(string name, byte[] hash, string? network)
    {
        await Task.Yield(); // so that the dictionary holds this task before it can be removed
        Standing? tried = null;
        try
        {
            tried = network is null ? null : await guesses.TryAsync(network);
            if (tried is { Count.Allowed: false })
                return new LookUp(null, tried);
            var key = await ReadAsync(hash);
            if (key is null)
                _unknown.Set(name, time.GetTimestamp(), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = options.Value.UnknownFor });
            else
            {
                if (tried is not null)
                    guesses.GiveBack(network!);
                _found.Set(name, new Remembered(key, time.GetTimestamp()),
                    new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = options.Value.UsableFor });
            }
            return new LookUp(key, key is null ? tried : null);
        }
        catch (Exception error) when (error is DbException or OperationCanceledException or TimeoutException)
        {
            if (tried is not null)
                guesses.GiveBack(network!);
            Interlocked.Exchange(ref _away, time.GetTimestamp());
            LogUnavailable(error.GetBaseException().Message);
            throw new ApiKeysUnavailableException(error);
        }
        finally
        {
            _underWay.TryRemove((name, network), out _);
        }
    }

    private bool IsYounger(long timestamp, TimeSpan age) => time.GetElapsedTime(timestamp) < age;

    private async Task<KnownKey?> ReadAsync(byte[] hash)
    {
        using var patience = new CancellationTokenSource(options.Value.Patience, time);
        await using var command = database.CreateCommand("SELECT id, name, role, scopes, expires_at, revoked_at, hash FROM identity.api_keys WHERE hash = $1");
        command.Parameters.Add(new() { Value = hash });
        await using var row = await command.ExecuteReaderAsync(patience.Token);
        if (!await row.ReadAsync(patience.Token) || !CryptographicOperations.FixedTimeEquals(row.GetFieldValue<byte[]>(6), hash))
            return null;
        return new KnownKey(row.GetGuid(0), row.GetString(1), Enum.Parse<ApiKeyRole>(row.GetString(2)), row.GetFieldValue<string[]>(3), Time(row, 4), Time(row, 5));
    }

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    [LoggerMessage(LogLevel.Warning, "API keys could not be read: {Reason}. Keys seen lately keep working")]
    private partial void LogUnavailable(string reason);

    /// <summary>What came of asking, for all who waited for it.</summary>
    private sealed class LookUp(KnownKey? key, Standing? tried)
    {
        private int _counted;

        public KnownKey? Key => key;

        /// <summary>The count of the one look-up, for the first who asks; a refusal for everybody. Null: the request is yet to be counted.</summary>
        public Standing? Counted() => tried is { Count.Allowed: false } || Interlocked.Exchange(ref _counted, 1) == 0 ? tried : null;
    }

    private sealed record Remembered(KnownKey Key, long At);
}
