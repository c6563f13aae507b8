using System.Collections.Frozen;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>The public keys by which this service believes tokens. The last good set stays while its source is away; before the first
/// one the service is not ready.</summary>
internal sealed partial class TokenKeys(TokenKeySource source, IOptions<ServiceTokenOptions> options, TimeProvider time, ILogger<TokenKeys> logger) : IHealthCheck
{
    /// <summary>A stranger who invents kids makes us read the set no more often than this.</summary>
    public static readonly TimeSpan UnknownKeyEvery = TimeSpan.FromSeconds(5);

    private readonly Lock _turn = new();
    private volatile FrozenDictionary<string, SecurityKey>? _keys;
    private Task? _loading;
    private long? _unknownAt;
    private bool _isAway;

    public bool AreLoaded => _keys is not null;

    public SecurityKey? Find(string? kid) => kid is { Length: > 0 } ? _keys?.GetValueOrDefault(kid) : null;

    /// <summary>Reads the set; who comes meanwhile waits for the same reading. A failure is logged, not thrown.</summary>
    public Task LoadAsync()
    {
        lock (_turn) return _loading is { IsCompleted: false } ? _loading : _loading = Task.Run(ReadAsync);
    }

    /// <summary>Whether the key is known, perhaps after reading the set again, because a key may be younger than the set.</summary>
    public async ValueTask<bool> KnowAsync(string kid, CancellationToken cancellationToken)
    {
        if (Find(kid) is not null) return true;
        Task? loading = null;
        lock (_turn)
        {
            if (_loading is { IsCompleted: false }) loading = _loading;
            else if (_unknownAt is not { } last || time.GetElapsedTime(last) >= UnknownKeyEvery)
            {
                _unknownAt = time.GetTimestamp();
                loading = _loading = Task.Run(ReadAsync, CancellationToken.None); // for everybody who waits, not for this caller
            }
        }
        if (loading is null) return false;
        await loading.WaitAsync(cancellationToken);
        return Find(kid) is not null;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        AreLoaded ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The keys of tokens could not be loaded yet (Tokens:KeySet)."));

    private async Task ReadAsync()
    {
        try
        {
            var read = await source.ReadAsync(CancellationToken.None); // has its own limit of time
            if (_isAway || _keys is not { } old || !old.Keys.ToHashSet().SetEquals(read.Keys)) LogLoaded(read.Count, options.Value.KeySet);
            (_keys, _isAway) = (read, false);
        }
        catch (Exception failure)
        {
            if (!_isAway) LogAway(options.Value.KeySet, failure.Message, _keys?.Count ?? 0);
            _isAway = true;
        }
    }

    [LoggerMessage(LogLevel.Information, "Loaded {Count} token keys from {Source}")] private partial void LogLoaded(int count, string source);

    [LoggerMessage(LogLevel.Warning, "The token keys could not be loaded from {Source}: {Reason}; {Count} known ones stay in use, and without any this service is not ready")]
    private partial void LogAway(string source, string reason, int count);
}
