using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Shabou.Gateway.Identity;
using Shabou.Gateway.Identity.Tokens;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Identity.Tokens;

/// <summary>Callers that bring a token of ours.</summary>
public sealed class BearerTests(GatewayFixture fixture) : IDisposable
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);
    private static readonly Uri Me = new("/api/v1/me", UriKind.Relative);
    private readonly ShiftedTime _clock = new();
    private GatewayHost? _gateway;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private GatewayHost Gateway => _gateway ??= fixture.Gateway(_clock, ("RateLimits:Policies:default:Requests", "10000"));

    public void Dispose() => _gateway?.Dispose();

    [Fact]
    public async Task A_persons_token_opens_the_api_and_the_service_hears_who_it_is()
    {
        var person = new Person(Guid.CreateVersion7(), Guid.CreateVersion7());
        using var client = Person.Client(Gateway, person.TokenFrom(Gateway, "ADMIN"));
        Assert.Equal(new Caller(person.Id.ToString(), "Amel", "ADMIN", "person"), await client.GetFromJsonAsync<Caller>(Me, Cancelled));

        var mark = Guid.NewGuid().ToString();
        client.DefaultRequestHeaders.Add("X-Mark", mark);
        Assert.Equal("answered", await client.GetStringAsync(Products, Cancelled));
        var header = fixture.Service.Requests.Single(seen => seen.Headers.GetValueOrDefault("X-Mark") == mark).Headers["Authorization"];
        var told = await PublishedKeys.VerifyAsync(Gateway, header, "catalog");
        Assert.Equal((person.Id.ToString(), "ADMIN"), (told.Subject, told.GetPayloadValue<string>("role")));
        Assert.False(told.TryGetPayloadValue<string>("sid", out _)); // no use to a service
    }

    [Fact]
    public async Task A_token_lasts_fifteen_minutes_and_is_remembered_once_it_was_verified()
    {
        var person = new Person(Guid.CreateVersion7(), Guid.CreateVersion7());
        var text = person.TokenFrom(Gateway);
        var token = new JsonWebToken(text);
        Assert.Equal(TimeSpan.FromMinutes(15), token.ValidTo - token.IssuedAt);
        using var client = Person.Client(Gateway, text);
        await client.GetStringAsync(Me, Cancelled);
        Assert.Equal(person.Id, Gateway.Services.GetRequiredService<TokenMemory>().Find(TokenHash.Of(text))?.Caller.Id);

        _clock.Ahead = TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(20); // clocks may differ by 30 s
        await client.GetStringAsync(Me, Cancelled);
        _clock.Ahead = TimeSpan.FromMinutes(16);
        using var late = await client.GetAsync(Me, Cancelled);
        Assert.Equal("The token has expired; get a new one.", await late.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated"));
    }

    [Fact]
    public async Task Somebody_without_access_yet_is_known_and_refused()
    {
        using var client = Person.Client(Gateway, new Person(Guid.CreateVersion7(), Guid.CreateVersion7()).TokenFrom(Gateway, "NO_ACCESS"));
        using var response = await client.GetAsync(Products, Cancelled);
        Assert.Contains("NO_ACCESS", await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_session_is_refused_by_every_gateway_within_five_seconds()
    {
        using var other = fixture.Gateway();
        var person = await Person.SignInAsync(fixture.Postgres.ConnectionString);
        var token = person.TokenFrom(Gateway);
        using var here = Person.Client(Gateway, token);
        using var there = Person.Client(other, token);
        await here.GetStringAsync(Me, Cancelled);
        await there.GetStringAsync(Me, Cancelled);

        await Person.RevokeAsync(fixture.Postgres.ConnectionString, "sessions", person.Session);
        await Until.TrueAsync(async () => await StatusAsync(here) == HttpStatusCode.Unauthorized && await StatusAsync(there) == HttpStatusCode.Unauthorized,
            Promised, "A revoked session still worked after 5 s.");
        using var refused = await here.GetAsync(Me, Cancelled);
        Assert.Equal("The token's session was revoked; sign in again.", await refused.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated"));
    }

    [Fact]
    public async Task A_gateway_that_starts_later_knows_what_was_revoked_before()
    {
        var person = await Person.SignInAsync(fixture.Postgres.ConnectionString);
        var token = person.TokenFrom(Gateway);
        await Person.RevokeAsync(fixture.Postgres.ConnectionString, "sessions", person.Session);
        using var later = fixture.Gateway();
        using var client = Person.Client(later, token);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client));
    }

    [Fact]
    public async Task The_key_of_a_machine_may_be_exchanged_for_a_token_that_ends_with_it()
    {
        var key = await fixture.Postgres.IssueAsync();
        Gateway.StartServer();
        var (token, seconds) = Gateway.Services.GetRequiredService<AccessTokens>().Issue(key.Id, "machine", "USER", key.Id, ["catalog:read"], DateTimeOffset.UtcNow.AddSeconds(60));
        Assert.InRange(seconds, 55, 60);
        using var client = Person.Client(Gateway, token);
        Assert.Equal("answered", await client.GetStringAsync(Products, Cancelled));
        using var beyond = await client.GetAsync(new Uri("/api/v1/leads", UriKind.Relative), Cancelled);
        Assert.Contains("prospector:read", await beyond.ProblemAsync(HttpStatusCode.Forbidden, "forbidden"), StringComparison.Ordinal);
        await Person.RevokeAsync(fixture.Postgres.ConnectionString, "api_keys", key.Id);
        await Until.TrueAsync(async () => await StatusAsync(client) == HttpStatusCode.Unauthorized, Promised, "The token of a revoked key still worked after 5 s.");
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync(Me, Cancelled);
        return response.StatusCode;
    }
}
