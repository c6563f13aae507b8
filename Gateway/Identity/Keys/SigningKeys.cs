using System.Data.Common;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Identity.Tokens;

namespace Shabou.Gateway.Identity.Keys;

/// <summary>The key ring in memory, read again every few seconds. While the database is away the last one keeps signing and verifying.</summary>
internal sealed partial class SigningKeys : BackgroundService
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EnsureEvery = TimeSpan.FromHours(1); // Data Protection's keys are looked after then, too

    private readonly KeyRingStore _store;
    private readonly TokenOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SigningKeys> _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private volatile KeyRing? _current;
    private volatile string? _trouble;
    private DateTimeOffset _ensuredAt;

    public SigningKeys(KeyRingStore store, IOptions<TokenOptions> options, TimeProvider time, IMeterFactory meters, ILogger<SigningKeys> logger)
    {
        (_store, _options, _time, _logger) = (store, options.Value, time, logger);
        meters.Create("Shabou.Gateway").CreateObservableGauge("shabou.gateway.signing_key_age", () => Age?.TotalSeconds ?? 0, "s",
            "How long the key that signs tokens has been signing; 0 while there is none.");
    }

    /// <summary>Null until the database was read for the first time.</summary>
    internal KeyRing? Current => _current;

    /// <summary>Why the last attempt to read or renew the ring failed; null when it did not.</summary>
    internal string? Trouble => _trouble;

    /// <summary>How long the key that signs now has been signing.</summary>
    internal TimeSpan? Age => _current?.Signing(_time.GetUtcNow()) is { } key && _time.GetUtcNow() - key.SignsFrom is { Ticks: > 0 } age ? age
        : _current is null ? null : TimeSpan.Zero;

    /// <remarks>Waits for the first read, so that the first request finds a key; not for long, as the database may be away.</remarks>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartPatience);
        await RefreshAsync(patience.Token);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    /// <summary>Reads the ring, and makes a key when one is due.</summary>
    /// <returns>Whether the ring is what the database has.</returns>
    internal async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        try
        {
            await ReadAsync(cancellationToken);
            if (_trouble is not null)
                LogRecovered();
            _trouble = null;
            return true;
        }
        catch (Exception error) when (error is DbException or TimeoutException or OperationCanceledException or WrongMasterKeyException or System.Security.Cryptography.CryptographicException)
        {
            var trouble = error is WrongMasterKeyException ? error.Message : "The signing keys cannot be read from the database.";
            if (_trouble != trouble && error is not OperationCanceledException)
                LogFailed(trouble, error.GetBaseException().Message);
            _trouble = trouble;
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.ReadEvery, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await RefreshAsync(stoppingToken);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (_current is null || now >= _ensuredAt + EnsureEvery)
        {
            await _store.EnsureAsync(cancellationToken);
            _ensuredAt = now;
        }
        var ring = await _store.ReadAsync(cancellationToken);
        if (_store.IsDue(ring, now))
        {
            _current = ring; // should making the next one fail, what others have made counts
            await _store.EnsureAsync(cancellationToken);
            ring = await _store.ReadAsync(cancellationToken);
        }
        _current = ring;
    }

    [LoggerMessage(LogLevel.Error, "{Trouble} What was read before keeps working ({Reason})")]
    private partial void LogFailed(string trouble, string reason);

    [LoggerMessage(LogLevel.Information, "The signing keys are read again")]
    private partial void LogRecovered();
}
