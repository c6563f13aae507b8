using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(Shabou.Gateway.Tests.Servers.GatewayFixture))]

namespace Shabou.Gateway.Tests.Servers;

/// <summary>What every test may share: a PostgreSQL with the schema, a Redis, and one service that plays all three. Tests keep apart
/// by their keys; those that stop a server bring their own.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    private readonly PostgresServer _postgres = new();
    private readonly RedisServer _redis = new();
    private Upstream? _upstream;

    internal PostgresServer Postgres => _postgres;

    internal Upstream Service => _upstream ?? throw new InvalidOperationException("Not started yet.");

    internal string Redis => $"127.0.0.1:{_redis.Port}";

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(_postgres.InitializeAsync().AsTask(), _redis.InitializeAsync().AsTask());
        _upstream = await Upstream.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A gateway on the shared servers; <paramref name="settings"/> win.</summary>
    internal GatewayHost Gateway(params (string Key, string? Value)[] settings) => new(Settings(settings));

    /// <param name="more">Services added to the gateway's own.</param>
    /// <param name="settings">As above.</param>
    internal GatewayHost Gateway(Action<IServiceCollection> more, params (string Key, string? Value)[] settings) => new(Settings(settings)) { More = more };

    /// <param name="clock">By which the gateway lives; null: the system's.</param>
    /// <param name="settings">As above.</param>
    internal GatewayHost Gateway(TimeProvider? clock, params (string Key, string? Value)[] settings) => new(Settings(settings)) { Clock = clock };

    /// <summary>How a gateway on the shared servers is configured; <paramref name="settings"/> win.</summary>
    internal (string Key, string? Value)[] Settings(params (string Key, string? Value)[] settings) =>
    [
        ("ConnectionStrings:shabou", _postgres.ConnectionString),
        ("ConnectionStrings:redis", Redis),
        ("ApiKeys:Patience", "00:00:15"), // a machine busy with other tests is slow, but nothing is away
        ("RateLimits:RedisTimeout", "00:00:05"),
        ("RateLimits:Policies:guessing:Requests", "100000"), // every test comes from the same network
        ("RateLimits:Policies:login:Requests", "100000"),
        .. from service in (string[])["catalog", "forecast", "prospector"] select ($"Services:{service}:http:0", (string?)Service.Address),
        .. settings,
    ];

    /// <summary>What a gateway of its own process needs to use the shared servers, and this service for all three.</summary>
    internal IEnumerable<(string Key, string? Value)> Settings(string service) =>
        [.. Settings(), .. from name in (string[])["catalog", "forecast", "prospector"] select ($"Services:{name}:http:0", (string?)service)];

    public async ValueTask DisposeAsync()
    {
        if (_upstream is not null)
            await _upstream.DisposeAsync();
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
