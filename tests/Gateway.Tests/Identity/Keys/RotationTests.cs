using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Gateway.Identity.Keys;
using Shabou.Gateway.Tests.Identity.Tokens;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Tests.Identity.Keys;

/// <summary>One key takes over from another without a restart and without a failed request.</summary>
public sealed class RotationTests(GatewayFixture fixture)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);
    private static readonly Uri Me = new("/api/v1/me", UriKind.Relative);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rotation_under_load_fails_no_request()
    {
        var database = await fixture.Postgres.NewDatabaseAsync();
        await using var catalog = await VerifyingUpstream.StartAsync();
        (string, string?)[] settings =
        [
            ("ConnectionStrings:shabou", database), ("Services:catalog:http:0", catalog.Address), ("Tokens:ReadEvery", "00:00:00.500"), ("RateLimits:Policies:default:Requests", "100000"),
        ];
        using var one = fixture.Gateway(settings);
        using var two = fixture.Gateway(settings);
        catalog.Publisher = two;
        var key = await fixture.Postgres.IssueAsync(ApiKeyRole.Admin, database: database);
        HttpClient[] clients = [one.Client(key), two.Client(key)];
        var statuses = new System.Collections.Concurrent.ConcurrentBag<HttpStatusCode>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var load = clients.Select(client => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                using var response = await client.GetAsync(Products, Cancelled);
                statuses.Add(response.StatusCode);
            }
        }, Cancelled)).ToArray();

        await Until.TrueAsync(() => Task.FromResult(catalog.Accepted.Values.Sum() >= 50), Limit, "The load did not start.");
        var old = Assert.Single(catalog.Accepted.Keys);
        using (var answer = await clients[0].PostAsync(new Uri("/api/v1/signing-keys/rotation", UriKind.Relative), null, Cancelled))
            Assert.Equal(2, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetArrayLength());
        string[] people = [.. ((GatewayHost[])[one, two]).Select(gateway => new Person(Guid.CreateVersion7(), Guid.CreateVersion7()).TokenFrom(gateway))];
        await Until.TrueAsync(() => Task.FromResult(Signing(one) is { } first && first == Signing(two) && first != old), Limit, "The gateways did not take over the new key.");
        HttpClient[] signedIn = [Person.Client(one, people[1]), Person.Client(two, people[0])]; // by the old key, each at the other gateway
        foreach (var client in signedIn)
            await client.GetStringAsync(Products, Cancelled); // a caller that the new key tells of
        await Until.TrueAsync(() => Task.FromResult(catalog.Accepted.GetValueOrDefault(Signing(one)!) >= 2), Limit, "The catalog never saw the new key.");
        await enough.CancelAsync();
        await Task.WhenAll(load);
        Array.ForEach((HttpClient[])[.. clients, .. signedIn], client => client.Dispose());
        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task A_key_is_replaced_in_time_published_first_and_believed_until_its_last_token_has_expired()
    {
        var clock = new ShiftedTime();
        using var gateway = fixture.Gateway(clock, ("ConnectionStrings:shabou", await fixture.Postgres.NewDatabaseAsync()), ("Tokens:ReadEvery", "00:01:00"));
        gateway.StartServer();
        var keys = gateway.Services.GetRequiredService<SigningKeys>();
        var first = keys.Current!.Youngest!;
        Assert.Equal(HealthStatus.Healthy, await AgeAsync(gateway));

        clock.Ahead = TimeSpan.FromDays(67);
        Assert.True(await keys.RefreshAsync(Cancelled));
        Assert.Single(keys.Current!.Keys);
        clock.Ahead = TimeSpan.FromDays(68); // three quarters of 90 days are over
        Assert.True(await keys.RefreshAsync(Cancelled));
        var second = keys.Current!.Youngest!;
        Assert.NotEqual(first.Kid, second.Kid);
        Assert.Equal(first.Kid, Signing(gateway, clock)); // not yet: ten minutes are for the services to read it
        Assert.Equal([first.Kid, second.Kid], (await PublishedKeys.ReadAsync(gateway)).Keys.Select(key => key.Kid));
        var token = new Person(Guid.CreateVersion7(), Guid.CreateVersion7()).TokenFrom(gateway);

        clock.Ahead += TimeSpan.FromMinutes(10.1);
        Assert.Equal(second.Kid, Signing(gateway, clock));
        using (var client = Person.Client(gateway, token))
            await client.GetStringAsync(Me, Cancelled); // by the old key, still believed
        Assert.Equal(HealthStatus.Healthy, await AgeAsync(gateway));

        clock.Ahead += TimeSpan.FromMinutes(16.1); // the last token of the old key lived 15 minutes, and clocks differ by half a minute
        Assert.True(await keys.RefreshAsync(Cancelled));
        Assert.Equal(second.Kid, Assert.Single(keys.Current!.Keys).Kid);

        clock.Ahead = TimeSpan.FromDays(68 + 91); // the gateway slept past everything
        Assert.True(await keys.RefreshAsync(Cancelled));
        Assert.Equal(2, keys.Current!.Keys.Count);
        Assert.Equal(second.Kid, Signing(gateway, clock)); // an old key is better than none
    }

    [Fact]
    public async Task An_emergency_rotation_ends_every_token_of_the_old_key_at_once()
    {
        var database = await fixture.Postgres.NewDatabaseAsync();
        using var gateway = fixture.Gateway(("ConnectionStrings:shabou", database));
        var key = await fixture.Postgres.IssueAsync(ApiKeyRole.Admin, database: database);
        var person = new Person(Guid.CreateVersion7(), Guid.CreateVersion7());
        using var client = Person.Client(gateway, person.TokenFrom(gateway));
        using var admin = gateway.Client(key);
        await client.GetStringAsync(Me, Cancelled);
        await admin.GetStringAsync(Products, Cancelled); // the catalog was told by the old key
        var old = Signing(gateway);

        using var answer = await admin.PostAsJsonAsync("/api/v1/signing-keys/rotation", new { revokeOthers = true }, Cancelled);
        var left = Assert.Single((await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).EnumerateArray());
        Assert.NotEqual(old, left.GetProperty("kid").GetString());
        Assert.True(left.GetProperty("signs").GetBoolean());
        using (var refused = await client.GetAsync(Me, Cancelled))
            Assert.Contains("not signed by a key of this system", await refused.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated"), StringComparison.Ordinal);
        using var again = Person.Client(gateway, person.TokenFrom(gateway));
        await again.GetStringAsync(Me, Cancelled);

        var mark = Guid.NewGuid().ToString();
        admin.DefaultRequestHeaders.Add("X-Mark", mark);
        await admin.GetStringAsync(Products, Cancelled);
        await PublishedKeys.VerifyAsync(gateway, fixture.Service.Requests.Single(seen => seen.Headers.GetValueOrDefault("X-Mark") == mark).Headers["Authorization"], "catalog");
    }

    [Fact]
    public async Task Only_administrators_rotate()
    {
        using var gateway = fixture.Gateway();
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        using var refused = await client.PostAsync(new Uri("/api/v1/signing-keys/rotation", UriKind.Relative), null, Cancelled);
        await refused.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    private static string? Signing(GatewayHost gateway, ShiftedTime? clock = null) =>
        gateway.Services.GetRequiredService<SigningKeys>().Current?.Signing((clock ?? TimeProvider.System).GetUtcNow())?.Kid;

    internal static async Task<HealthStatus> AgeAsync(GatewayHost gateway) =>
        (await gateway.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == SigningKeyAge.Name, Cancelled)).Status;
}
