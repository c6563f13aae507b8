using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.Gateway.Identity.Keys;
using Shabou.Gateway.Tests.Identity.Tokens;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Identity.Keys;

/// <summary>While PostgreSQL is away the gateway signs and verifies by what it read, and says what it no longer hears of.</summary>
public sealed class KeysAwayTests(GatewayFixture fixture, PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tokens_work_without_the_database_and_an_old_key_turns_the_check_red()
    {
        var clock = new ShiftedTime();
        using var gateway = fixture.Gateway(clock, ("ConnectionStrings:shabou", postgres.ConnectionString), ("Tokens:RevocationsEvery", "00:00:00.200"));
        gateway.StartServer();
        var age = 0.0;
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (IsAgeOf(gateway, instrument)) listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => age = value);
        listener.Start();

        await postgres.StopAsync(Cancelled);
        using (var client = Person.Client(gateway, new Person(Guid.CreateVersion7(), Guid.CreateVersion7()).TokenFrom(gateway)))
            Assert.Equal("answered", await client.GetStringAsync(Products, Cancelled)); // signed, verified and told to the service
        clock.Ahead = TimeSpan.FromSeconds(10);
        await Until.TrueAsync(async () => await CheckAsync(gateway, "revocations") == HealthStatus.Degraded, Limit, "Nobody said that revocations are not seen.");

        clock.Ahead = TimeSpan.FromDays(75);
        Assert.False(await gateway.Services.GetRequiredService<SigningKeys>().RefreshAsync(Cancelled));
        Assert.Equal(HealthStatus.Degraded, await CheckAsync(gateway, SigningKeyAge.Name));
        clock.Ahead = TimeSpan.FromDays(91);
        Assert.Equal(HealthStatus.Unhealthy, await CheckAsync(gateway, SigningKeyAge.Name));
        listener.RecordObservableInstruments();
        Assert.InRange(TimeSpan.FromSeconds(age).TotalDays, 90.9, 91.1);
        using (var client = Person.Client(gateway, new Person(Guid.CreateVersion7(), Guid.CreateVersion7()).TokenFrom(gateway)))
            Assert.Equal("answered", await client.GetStringAsync(Products, Cancelled)); // an old key is better than none

        await postgres.StartAsync(Cancelled);
        await Until.TrueAsync(async () => await CheckAsync(gateway, "revocations") == HealthStatus.Healthy, Limit, "Revocations were not read again.");
        await Until.TrueAsync(() => gateway.Services.GetRequiredService<SigningKeys>().RefreshAsync(Cancelled), Limit, "The keys were not read again.");
        Assert.Equal(2, (await PublishedKeys.ReadAsync(gateway)).Keys.Count); // the successor was made as soon as that was possible
    }

    [Fact]
    public async Task A_gateway_that_starts_without_the_database_is_not_ready_and_says_so_until_it_comes()
    {
        const int port = 1; // nobody listens there
        using var gateway = fixture.Gateway(("ConnectionStrings:shabou", $"Host=127.0.0.1;Port={port};Username=postgres;Database=shabou;Timeout=2"));
        using var client = gateway.Client();
        using (var answer = await client.GetAsync(new Uri("/.well-known/jwks.json", UriKind.Relative), Cancelled))
            await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "database-unavailable");
        Assert.Equal(HealthStatus.Unhealthy, await CheckAsync(gateway, "signing-keys-read"));
        using var alive = await client.GetAsync(new Uri("/alive", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer a.b.c");
        using var asked = await client.GetAsync(Products, Cancelled);
        await asked.ProblemAsync(HttpStatusCode.ServiceUnavailable, "database-unavailable"); // never 401: it may well be a good token
    }

    private static bool IsAgeOf(GatewayHost gateway, Instrument instrument) =>
        instrument.Name == "shabou.gateway.signing_key_age" && ReferenceEquals(instrument.Meter.Scope, gateway.Services.GetRequiredService<IMeterFactory>());

    private static async Task<HealthStatus> CheckAsync(GatewayHost gateway, string name) =>
        (await gateway.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == name, Cancelled)).Status;
}
