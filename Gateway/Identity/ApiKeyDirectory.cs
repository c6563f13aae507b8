using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Identity;

/// <summary>Whose key is it? Asks the database at most once per key and <see cref="ApiKeyOptions.FreshFor"/>, however many ask.</summary>
/// <remarks>One plain statement: building EF's model for it would cost the first client two seconds.</remarks>
internal sealed partial class ApiKeyDirectory(
    NpgsqlDataSource database, IOptions<ApiKeyOptions> options, TimeProvider time, ILogger<ApiKeyDirectory> logger) : IDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    // Apart, so that somebody who tries keys cannot push out those that are in use.
    private readonly MemoryCache _found = new(new MemoryCacheOptions { SizeLimit = options.Value.Remembered });
    private readonly MemoryCache _unknown = new(new MemoryCacheOptions { SizeLimit = options.Value.Remembered });
    private readonly ConcurrentDictionary<string, Task<KnownKey?>> _underWay = new(StringComparer.Ordinal);
    private long _awayUntil; // ticks of UTC: until then nobody waits to learn again that the database is away

    /// <param name="key">As the client sent it.</param>
    /// <returns>The key's record, be it revoked or expired; null when there is none.</returns>
    /// <exception cref="ApiKeysUnavailableException">The database does not answer and this key was not seen lately.</exception>
    internal async ValueTask<KnownKey?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var hash = ApiKey.HashOf(key);
        var name = Convert.ToHexString(hash);
        if (_found.TryGetValue(name, out Remembered? remembered) && time.GetUtcNow() < remembered!.FreshUntil)
            return remembered.Key;
        if (remembered is null && _unknown.TryGetValue(name, out _))
            return null;
        try
        {
            return time.GetUtcNow().UtcTicks < Interlocked.Read(ref _awayUntil)
                ? throw new ApiKeysUnavailableException()
                : await _underWay.GetOrAdd(name, _ => LoadAsync(name, hash)).WaitAsync(cancellationToken);
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

    /// <remarks>Belongs to no request, since others may wait for it too.</remarks>
    private async Task<KnownKey?> LoadAsync(string name, byte[] hash)
    {
        await Task.Yield(); // so that the dictionary holds this task before it can be removed
        try
        {
            var key = await ReadAsync(hash);
            if (key is null)
                _unknown.Set(name, true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = options.Value.UnknownFor });
            else
                _found.Set(name, new Remembered(key, time.GetUtcNow() + options.Value.FreshFor),
                    new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = options.Value.UsableFor });
            return key;
        }
        catch (Exception error) when (error is DbException or OperationCanceledException or TimeoutException)
        {
            Interlocked.Exchange(ref _awayUntil, (time.GetUtcNow() + PauseAfterFailure).UtcTicks);
            LogUnavailable(error.GetBaseException().Message);
            throw new ApiKeysUnavailableException(error);
        }
        finally
        {
            _underWay.TryRemove(name, out _);
        }
    }

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

    private sealed record Remembered(KnownKey Key, DateTimeOffset FreshUntil);
}
