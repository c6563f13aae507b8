using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Gateway.Identity;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Tests.Identity;

public sealed class ApiKeyTests(GatewayFixture fixture) : IDisposable
{
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);
    private readonly GatewayHost _gateway = fixture.Gateway(("RateLimits:Policies:default:Requests", "10000"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task A_request_without_a_key_is_refused_and_told_how()
    {
        using var client = _gateway.Client();
        using var response = await client.GetAsync(Products, Cancelled);
        var detail = await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Contains(ApiKeys.Header, detail, StringComparison.Ordinal);
        Assert.Equal(["ApiKey", "Bearer"], response.Headers.WwwAuthenticate.Select(way => way.Scheme));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("a-key-that-was-never-issued-to-anybody-00000")]
    public async Task A_key_that_was_never_issued_is_refused(string key)
    {
        using var client = _gateway.Client(new IssuedKey(Guid.Empty, key));
        using var response = await client.GetAsync(Products, Cancelled);
        Assert.Contains("not known, has expired or was revoked", await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_and_an_expired_key_are_refused()
    {
        var yesterday = DateTimeOffset.UtcNow.AddDays(-1);
        foreach (var key in (IssuedKey[])[await fixture.Postgres.IssueAsync(revokedAt: yesterday), await fixture.Postgres.IssueAsync(expiresAt: yesterday)])
        {
            using var client = _gateway.Client(key);
            using var response = await client.GetAsync(Products, Cancelled);
            await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [Fact]
    public async Task A_valid_key_reaches_the_service()
    {
        using var client = _gateway.Client(await fixture.Postgres.IssueAsync(expiresAt: DateTimeOffset.UtcNow.AddDays(1)));
        Assert.Equal("answered", await client.GetStringAsync(Products, Cancelled));
    }

    [Theory]
    [InlineData(ApiKeyRole.Admin, "ADMIN")]
    [InlineData(ApiKeyRole.User, "USER")]
    public async Task Me_says_who_the_caller_is(ApiKeyRole role, string expected)
    {
        var key = await fixture.Postgres.IssueAsync(role, "Magasin de Tunis");
        using var client = _gateway.Client(key);
        var me = await client.GetFromJsonAsync<Caller>("/api/v1/me", Cancelled);
        Assert.Equal(new Caller(key.Id.ToString(), "Magasin de Tunis", expected, "key"), me);
    }

    [Fact]
    public async Task A_key_is_looked_up_once_however_many_requests_bring_it()
    {
        var key = await fixture.Postgres.IssueAsync();
        using var client = _gateway.Client(key);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetStringAsync(Products, Cancelled)));
        await using var context = fixture.Postgres.Context();
        await context.ApiKeys.Where(k => k.Id == key.Id).ExecuteDeleteAsync(Cancelled);
        Assert.Equal("answered", await client.GetStringAsync(Products, Cancelled)); // remembered for FreshFor, without asking again
    }

    [Fact]
    public async Task A_revocation_is_seen_as_soon_as_what_was_remembered_is_no_longer_fresh()
    {
        using var gateway = fixture.Gateway(("ApiKeys:FreshFor", "00:00:00"));
        var key = await fixture.Postgres.IssueAsync();
        using var client = gateway.Client(key);
        Assert.Equal("answered", await client.GetStringAsync(Products, Cancelled));
        await using var context = fixture.Postgres.Context();
        await context.ApiKeys.Where(k => k.Id == key.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, DateTimeOffset.UtcNow), Cancelled);
        using var response = await client.GetAsync(Products, Cancelled);
        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_clock_that_is_set_back_keeps_no_answer_longer()
    {
        var clock = new ShiftedTime();
        using var gateway = fixture.Gateway(clock, ("ApiKeys:FreshFor", "00:00:00.5"), ("ApiKeys:UnknownFor", "00:00:00.5"));
        var (deleted, late) = (await fixture.Postgres.IssueAsync(), new IssuedKey(Guid.CreateVersion7(), IssuedKey.NewSecret()));
        using var client = gateway.Client(deleted);
        using var stranger = gateway.Client(late);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stranger));

        clock.Ahead = TimeSpan.FromHours(-1);
        await using var context = fixture.Postgres.Context();
        await context.ApiKeys.Where(k => k.Id == deleted.Id).ExecuteDeleteAsync(Cancelled); // leaves no revocation to be seen
        context.ApiKeys.Add(new ApiKey
        {
            Id = late.Id, Name = "late", Prefix = late.Secret[..ApiKey.PrefixLength], Hash = ApiKey.HashOf(late.Secret), Role = ApiKeyRole.User, CreatedAt = DateTimeOffset.UtcNow,
        });
        await context.SaveChangesAsync(Cancelled);
        await Until.TrueAsync(async () => await StatusAsync(client) == HttpStatusCode.Unauthorized, "the key that is gone is refused");
        await Until.TrueAsync(async () => await StatusAsync(stranger) == HttpStatusCode.OK, "the key that came late is known");
    }

    [Fact]
    public async Task Only_the_listed_endpoints_are_open_to_everybody()
    {
        _gateway.StartServer();
        var open = _gateway.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText);
        Assert.Equal(AnonymousEndpoints.Paths.Concat(AnonymousEndpoints.Limited).Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));

        using var client = _gateway.Client();
        foreach (var path in AnonymousEndpoints.Paths.Concat([AnonymousEndpoints.OpenApi, AnonymousEndpoints.Docs, AnonymousEndpoints.Problem]))
        {
            using var response = await client.GetAsync(new Uri(path.Replace("{**path}", "index.html", StringComparison.Ordinal), UriKind.Relative), Cancelled);
            Assert.Equal(path.Contains("{kind}", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync(Products, Cancelled);
        return response.StatusCode;
    }
}
