using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Gateway.Identity.Machines;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Tests.Identity.Machines;

/// <summary>The life of an API key, from an administrator's hand to its end.</summary>
public sealed class ApiKeyAdministrationTests(GatewayFixture fixture) : IDisposable
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);
    private static readonly Uri Keys = new("/api/v1/api-keys", UriKind.Relative);
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);
    private readonly GatewayHost _gateway = fixture.Gateway(("RateLimits:Policies:default:Requests", "10000"), ("ApiKeys:UseWrittenEvery", "00:00:01"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task A_new_key_is_shown_once_works_at_once_and_lasts_a_year()
    {
        var admin = await fixture.Postgres.IssueAsync(ApiKeyRole.Admin, "Chef");
        using var client = _gateway.Client(admin);
        var issued = await AddAsync(client, new NewApiKey("Caisse 1", "USER", null, null));
        Assert.Matches("^shb_[A-Za-z0-9_-]{43}$", issued.Key);
        Assert.Equal(issued.Key[4..10], issued.ApiKey.Prefix);
        Assert.Equal(("Caisse 1", "USER", "Chef"), (issued.ApiKey.Name, issued.ApiKey.Role, issued.ApiKey.CreatedBy));
        Assert.InRange(issued.ApiKey.ExpiresAt!.Value - DateTimeOffset.UtcNow, TimeSpan.FromDays(364), TimeSpan.FromDays(367));

        using var machine = _gateway.Client(new IssuedKey(issued.ApiKey.Id, issued.Key));
        Assert.Equal("answered", await machine.GetStringAsync(Products, Cancelled));
        foreach (var path in (string[])[$"/api/v1/api-keys/{issued.ApiKey.Id}", "/api/v1/api-keys?size=100"])
            Assert.DoesNotContain(issued.Key, await client.GetStringAsync(new Uri(path, UriKind.Relative), Cancelled), StringComparison.Ordinal);
        await using var context = fixture.Postgres.Context();
        Assert.Equal(ApiKey.HashOf(issued.Key), (await context.ApiKeys.SingleAsync(key => key.Id == issued.ApiKey.Id, Cancelled)).Hash);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_here_at_once_and_by_every_gateway_within_five_seconds()
    {
        using var other = fixture.Gateway();
        using var admin = _gateway.Client(await fixture.Postgres.IssueAsync(ApiKeyRole.Admin));
        var issued = await AddAsync(admin, new NewApiKey("Caisse 2", "USER", null, null));
        var key = new IssuedKey(issued.ApiKey.Id, issued.Key);
        using var here = _gateway.Client(key);
        using var there = other.Client(key);
        await here.GetStringAsync(Products, Cancelled);
        await there.GetStringAsync(Products, Cancelled); // remembered for half a minute, were it not for the revocation

        var path = new Uri($"/api/v1/api-keys/{key.Id}", UriKind.Relative);
        using (var revoked = await admin.DeleteAsync(path, Cancelled))
            Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(here));
        await Until.TrueAsync(async () => await StatusAsync(there) == HttpStatusCode.Unauthorized, Promised, "A revoked key still worked after 5 s.");
        using (var again = await admin.DeleteAsync(path, Cancelled))
            Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.NotNull((await admin.GetFromJsonAsync<ApiKeySummary>(path, Cancelled))!.RevokedAt);
        using var unknown = await admin.DeleteAsync(new Uri($"/api/v1/api-keys/{Guid.NewGuid()}", UriKind.Relative), Cancelled);
        await unknown.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("GET", "/api/v1/products", "catalog:read", "catalog:write")]
    [InlineData("GET", "/api/v1/products", "catalog:*", "forecast:*")]
    [InlineData("POST", "/api/v1/demand", "forecast:write", "forecast:read")]
    [InlineData("DELETE", "/api/v1/leads/7", "prospector:*", "catalog:*")]
    public async Task A_key_opens_what_its_scopes_name_and_nothing_else(string method, string path, string enough, string other)
    {
        using var allowed = _gateway.Client(await fixture.Postgres.IssueAsync(scopes: [enough]));
        using var refused = _gateway.Client(await fixture.Postgres.IssueAsync(name: "Camion", scopes: [other]));
        using (var passed = await SendAsync(allowed))
            Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
        using var answer = await SendAsync(refused);
        var detail = await answer.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.StartsWith($"This needs the scope {path.Split('/')[3] switch { "products" => "catalog", "demand" => "forecast", _ => "prospector" }}:", detail, StringComparison.Ordinal);
        Assert.Contains($"Camion has {other}", detail, StringComparison.Ordinal);

        Task<HttpResponseMessage> SendAsync(HttpClient client) => client.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative)), Cancelled);
    }

    [Fact]
    public async Task An_administrator_with_scopes_cannot_make_a_key_that_opens_more()
    {
        using var limited = _gateway.Client(await fixture.Postgres.IssueAsync(ApiKeyRole.Admin, scopes: ["gateway:*", "catalog:read"]));
        foreach (var scopes in (string[]?[])[null, [], ["catalog:write"], ["catalog:*"]])
        {
            using var refused = await limited.PostAsJsonAsync(Keys, new NewApiKey("x", "ADMIN", scopes, null), Cancelled);
            Assert.Contains("only give away scopes", await refused.ProblemAsync(HttpStatusCode.Forbidden, "forbidden"), StringComparison.Ordinal);
        }
        Assert.Equal(["catalog:read"], (await AddAsync(limited, new NewApiKey("x", "USER", ["catalog:read"], null))).ApiKey.Scopes);

        using var without = _gateway.Client(await fixture.Postgres.IssueAsync(ApiKeyRole.Admin, scopes: ["catalog:*"]));
        using var closed = await without.GetAsync(Keys, Cancelled);
        Assert.Contains("gateway:read", await closed.ProblemAsync(HttpStatusCode.Forbidden, "forbidden"), StringComparison.Ordinal);
        using var me = await without.GetAsync(new Uri("/api/v1/me", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
    }

    [Fact]
    public async Task Every_wrong_member_is_named()
    {
        using var admin = _gateway.Client(await fixture.Postgres.IssueAsync(ApiKeyRole.Admin));
        var wrong = new NewApiKey(" ", "ROOT", ["catalog:read", "catalog:read", "moon:write"], DateTimeOffset.UtcNow.AddYears(3));
        using var refused = await admin.PostAsJsonAsync(Keys, wrong, Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var errors = (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("errors");
        Assert.Equal(["expiresAt", "name", "role", "scopes"], errors.EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
        using var page = await admin.GetAsync(new Uri("/api/v1/api-keys?after=nonsense", UriKind.Relative), Cancelled);
        await page.ProblemAsync(HttpStatusCode.BadRequest, "validation");
    }

    [Fact]
    public async Task The_last_key_that_can_make_others_stays()
    {
        var database = await fixture.Postgres.NewDatabaseAsync();
        using var gateway = fixture.Gateway(("ConnectionStrings:shabou", database));
        var first = await fixture.Postgres.IssueAsync(ApiKeyRole.Admin, database: database);
        var second = await fixture.Postgres.IssueAsync(ApiKeyRole.Admin, database: database);
        await fixture.Postgres.IssueAsync(ApiKeyRole.Admin, database: database, scopes: "catalog:read");
        await fixture.Postgres.IssueAsync(ApiKeyRole.Admin, database: database, expiresAt: DateTimeOffset.UtcNow.AddDays(-1));
        using var one = gateway.Client(first);
        using var two = gateway.Client(second);
        var removals = await Task.WhenAll(one.DeleteAsync(KeyAt(second), Cancelled), two.DeleteAsync(KeyAt(first), Cancelled)); // each the other, together
        var left = Assert.Single(removals, removal => removal.StatusCode == HttpStatusCode.NoContent) == removals[0] ? one : two;
        using var last = await left.DeleteAsync(KeyAt(left == one ? first : second), Cancelled);
        Assert.Contains("last key that can make others", await last.ProblemAsync(HttpStatusCode.Conflict, "conflict"), StringComparison.Ordinal);
        using var still = await left.GetAsync(Keys, Cancelled);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);

        static Uri KeyAt(IssuedKey key) => new($"/api/v1/api-keys/{key.Id}", UriKind.Relative);
    }

    [Fact]
    public async Task Keys_are_listed_the_newest_first_page_by_page_and_only_for_administrators()
    {
        var database = await fixture.Postgres.NewDatabaseAsync();
        using var gateway = fixture.Gateway(("ConnectionStrings:shabou", database));
        using var admin = gateway.Client(await fixture.Postgres.IssueAsync(ApiKeyRole.Admin, database: database));
        for (var i = 0; i < 4; i++)
            await AddAsync(admin, new NewApiKey($"key {i}", "USER", null, null));
        var (names, path) = (new List<string?>(), "/api/v1/api-keys?size=2");
        while (true)
        {
            var page = await admin.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), Cancelled);
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(key => key.GetProperty("name").GetString()));
            if (page.GetProperty("next").GetString() is not { } next)
                break;
            path = $"/api/v1/api-keys?size=2&after={next}";
        }
        Assert.Equal(["key 3", "key 2", "key 1", "key 0", "test"], names);
        using var user = gateway.Client(await fixture.Postgres.IssueAsync(database: database));
        using var refused = await user.GetAsync(Keys, Cancelled);
        await refused.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task When_a_key_was_last_used_is_written_apart_from_its_requests()
    {
        var key = await fixture.Postgres.IssueAsync();
        using var client = _gateway.Client(key);
        await client.GetStringAsync(Products, Cancelled);
        await Until.TrueAsync(async () =>
        {
            await using var context = fixture.Postgres.Context();
            return (await context.ApiKeys.SingleAsync(k => k.Id == key.Id, Cancelled)).LastUsedAt > DateTimeOffset.UtcNow.AddMinutes(-5);
        }, TimeSpan.FromSeconds(30), "The use of a key was not written.");
    }

    private static async Task<IssuedApiKey> AddAsync(HttpClient client, NewApiKey wanted)
    {
        using var response = await client.PostAsJsonAsync(Keys, wanted, Cancelled);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("no-store", response.Header("Cache-Control"));
        return (await response.Content.ReadFromJsonAsync<IssuedApiKey>(Cancelled))!;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync(Products, Cancelled);
        return response.StatusCode;
    }
}
