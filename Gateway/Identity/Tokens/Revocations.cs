using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Shabou.Gateway.Identity.Tokens;

/// <summary>Sessions and API keys that were revoked lately, asked of the database every two seconds by every gateway.</summary>
/// <remarks>Kept for as long as anything that was remembered before could still be believed. While the database is away nobody is cut
/// off, and nobody's revocation is seen: the check <c>revocations</c> and the gauge say so.</remarks>
internal sealed partial class Revocations : BackgroundService, IHealthCheck
{
    internal const string CheckName = "revocations";

    /// <summary>Clocks differ and transactions commit late, so each question reaches back this far.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _revoked = new();
    private readonly NpgsqlDataSource _database;
    private readonly TokenOptions _tokens;
    private readonly ApiKeyOptions _keys;
    private readonly TimeProvider _time;
    private readonly ILogger<Revocations> _logger;
    private long _readAt; // ticks of UTC
    private bool _failing;

    public Revocations(NpgsqlDataSource database, IOptions<TokenOptions> tokens, IOptions<ApiKeyOptions> keys, TimeProvider time, IMeterFactory meters, ILogger<Revocations> logger)
    {
        (_database, _tokens, _keys, _time, _logger) = (database, tokens.Value, keys.Value, time, logger);
        meters.Create("Shabou.Gateway").CreateObservableGauge("shabou.gateway.revocations_age", () => Age?.TotalSeconds ?? -1, "s",
            "How long ago the database was last asked for revocations; -1 before the first time.");
    }

    private TimeSpan? Age => Interlocked.Read(ref _readAt) is > 0 and var ticks ? _time.GetUtcNow() - new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>As long as a token lives, or a key is remembered.</summary>
    private TimeSpan KeptFor => (_tokens.Afterlife > _keys.UsableFor ? _tokens.Afterlife : _keys.UsableFor) + Overlap;

    /// <param name="id">Of a session or API key.</param>
    internal bool Contains(Guid id) => !_revoked.IsEmpty && _revoked.ContainsKey(id);

    /// <summary>Whether the caller itself or its session was revoked.</summary>
    internal bool Include(CallerIdentity caller) => Contains(caller.Id) || (caller.Session is { } session && Contains(session));

    /// <summary>Makes a revocation that this gateway wrote itself effective here at once.</summary>
    internal void Add(Guid id) => _revoked[id] = _time.GetUtcNow();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartPatience);
        await ReadAsync(patience.Token);
        await base.StartAsync(cancellationToken);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        Age is not { } age ? HealthCheckResult.Unhealthy("Revocations were not read yet.")
        : age > Promised ? HealthCheckResult.Degraded($"Revocations were last read {age.TotalSeconds:0} s ago; later ones are not seen until the database answers.")
        : HealthCheckResult.Healthy());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_tokens.RevocationsEvery, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await ReadAsync(stoppingToken);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        try
        {
            var last = Interlocked.Read(ref _readAt);
            await ReadSinceAsync(last == 0 ? now - KeptFor : new DateTimeOffset(last, TimeSpan.Zero) - Overlap, cancellationToken);
            Interlocked.Exchange(ref _readAt, now.UtcTicks);
            if (_failing)
                LogRecovered();
            _failing = false;
        }
        catch (Exception error) // nothing that happens here may stop the gateway
        {
            if (!_failing && !cancellationToken.IsCancellationRequested)
                LogFailed(error.GetBaseException().Message);
            _failing = true;
        }
        foreach (var (id, at) in _revoked)
            if (at < now - KeptFor)
                _revoked.TryRemove(id, out _);
    }

    private async Task ReadSinceAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(
            "SELECT id, revoked_at FROM identity.sessions WHERE revoked_at > $1 UNION ALL SELECT id, revoked_at FROM identity.api_keys WHERE revoked_at > $1");
        command.Parameters.Add(new() { Value = since });
        command.CommandTimeout = (int)Promised.TotalSeconds;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            _revoked[row.GetGuid(0)] = row.GetFieldValue<DateTimeOffset>(1);
    }

    [LoggerMessage(LogLevel.Warning, "Revocations cannot be read: {Reason}. Nobody is cut off, and later revocations are not seen until the database answers")]
    private partial void LogFailed(string reason);

    [LoggerMessage(LogLevel.Information, "Revocations are read again")]
    private partial void LogRecovered();
}
