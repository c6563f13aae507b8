using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Shabou.ServiceDefaults.Auth;
using Shabou.Testing;

namespace Shabou.ServiceDefaults.Tests.Auth;

public sealed class TokenTests : IAsyncLifetime
{
    private const string Unsigned = "not signed by a key";
    private readonly ShiftedClock _clock = new();
    private TestApp _app = null!;

    public async ValueTask InitializeAsync() =>
        _app = await TestApp.StartAsync(app => app.MapGet("/", () => "ok"), builder => builder.Services.AddSingleton<TimeProvider>(_clock));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_token_of_the_gateway_for_this_service_is_believed() => Assert.Equal(HttpStatusCode.OK, (await SendAsync(TestTokens.Signer.Token("USER"))).Status);

    [Fact]
    public async Task A_token_for_another_service_is_not() => await AssertRefusedAsync(TestTokens.Signer.Token(audiences: ["forecast"]), "for another service");

    [Fact]
    public async Task The_token_of_a_person_for_the_gateway_is_not() => await AssertRefusedAsync(TestTokens.Signer.Token(audiences: ["shabou"]), "for another service");

    [Fact]
    public async Task A_token_for_nobody_is_not() => await AssertRefusedAsync(TestTokens.Signer.Token(audiences: []), "for another service");

    [Fact]
    public async Task A_token_of_another_issuer_is_not() => await AssertRefusedAsync(TestTokens.Signer.Token(issuer: "somebody"), "another issuer");

    [Theory]
    [InlineData("JWT")]
    [InlineData("logout+jwt")]
    public async Task A_token_of_another_kind_is_not(string type) => await AssertRefusedAsync(TestTokens.Signer.Token(type: type), "another kind");

    [Fact]
    public async Task A_token_of_a_foreign_key_is_not()
    {
        using var foreign = new TokenSigner();
        await AssertRefusedAsync(foreign.Token(), Unsigned);
    }

    [Fact]
    public async Task A_foreign_key_that_takes_the_name_of_ours_is_not_believed()
    {
        using var foreign = new TokenSigner(TestTokens.Signer.Kid);
        await AssertRefusedAsync(foreign.Token(), Unsigned);
    }

    [Theory]
    [InlineData("ROOT")]
    [InlineData("admin")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_token_without_a_known_role_is_not(string? role) => await AssertRefusedAsync(TestTokens.Signer.Token(role), "one known role");

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_token_about_nobody_is_not(string? subject) => await AssertRefusedAsync(TestTokens.Signer.Token(subject: subject), "does not name a caller");

    [Fact]
    public async Task An_expired_token_is_refused_30_seconds_after_its_end_also_when_it_was_remembered()
    {
        var token = TestTokens.Signer.Token(expires: DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(token)).Status);
        _clock.Ahead = TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(20);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(token)).Status); // clocks may differ by as much
        _clock.Ahead = TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(35);
        await AssertRefusedAsync(token, "has expired");
    }

    [Fact]
    public async Task A_token_of_the_future_is_refused() => await AssertRefusedAsync(TestTokens.Signer.Token(notBefore: DateTimeOffset.UtcNow.AddMinutes(2)), "not valid yet");

    [Theory]
    [InlineData("none", Unsigned)]
    [InlineData("HS256", Unsigned)]
    [InlineData("RS256", Unsigned)]
    [InlineData("ES384", Unsigned)]
    public async Task No_other_algorithm_is_believed(string algorithm, string reason)
    {
        var parts = TestTokens.Signer.Token().Split('.');
        var header = Base64UrlEncoder.Encode(JsonSerializer.Serialize(new { alg = algorithm, kid = TestTokens.Signer.Kid, typ = "at+jwt" }));
        var signature = algorithm switch
        {
            "none" => "",
            // The old trick: the public key as the secret of a symmetric signature.
            "HS256" => Base64UrlEncoder.Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(TokenSigner.KeySetOf(TestTokens.Signer)), Encoding.ASCII.GetBytes($"{header}.{parts[1]}"))),
            _ => parts[2],
        };
        await AssertRefusedAsync($"{header}.{parts[1]}.{signature}", reason);
    }

    [Fact]
    public async Task A_token_with_any_part_changed_is_refused()
    {
        var parts = TestTokens.Signer.Token("USER").Split('.');
        var admin = Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("USER", "ADMIN", StringComparison.Ordinal));
        await AssertRefusedAsync($"{parts[0]}.{admin}.{parts[2]}", Unsigned);
        await AssertRefusedAsync($"{parts[0]}.{parts[1]}.{(parts[2][0] == 'A' ? 'B' : 'A')}{parts[2][1..]}", Unsigned);
        await AssertRefusedAsync($"{parts[0]}.{parts[1]}.", Unsigned);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("a.b.c")]
    [InlineData("....")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.AAAA")]
    public async Task What_is_no_token_is_refused(string token) => await AssertRefusedAsync(token, "token");

    [Fact]
    public async Task A_token_of_more_than_8_KB_is_refused_unread() => await AssertRefusedAsync(TestTokens.Signer.Token(name: new string('n', 9_000)), "at most 8 KB");

    [Theory]
    [InlineData("Basic dXNlcjpwYXNzd29yZA==")]
    [InlineData("Bearer one", "Bearer two")]
    public async Task Anything_but_one_bearer_token_is_refused(params string[] headers)
    {
        var (status, _, body) = await SendAsync(headers);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("must be one", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_the_answer_says_what_to_send()
    {
        var (status, challenge, body) = await SendAsync(headers: []);
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (status, challenge));
        Assert.Contains("Authorization: Bearer", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_headers_by_which_the_gateway_once_vouched_mean_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Service-Key", TestTokens.CursorKey }, { "X-Client-Id", "me" }, { "X-Client-Role", "ADMIN" } } };
        using var response = await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.ReadProblemAsync("unauthenticated", HttpStatusCode.Unauthorized);
    }

    private async Task AssertRefusedAsync(string token, string reason)
    {
        var (status, challenge, body) = await SendAsync(token);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal("Bearer error=\"invalid_token\"", challenge);
        Assert.Contains("/problems/unauthenticated", body, StringComparison.Ordinal);
        Assert.Contains(reason, body, StringComparison.Ordinal);
        Assert.DoesNotContain("IDX", body, StringComparison.Ordinal); // the library's own words
    }

    private Task<(HttpStatusCode Status, string? Challenge, string Body)> SendAsync(string token) => SendAsync([$"Bearer {token}"]);

    private async Task<(HttpStatusCode Status, string? Challenge, string Body)> SendAsync(string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        foreach (var header in headers) request.Headers.TryAddWithoutValidation("Authorization", header);
        using var response = await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, response.Headers.WwwAuthenticate.SingleOrDefault()?.ToString(), await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

/// <summary>A clock that is ahead by as much as a test wants.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long _ticks;

    public TimeSpan Ahead
    {
        set => Interlocked.Exchange(ref _ticks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _ticks));

    public override long GetTimestamp() => base.GetTimestamp() + (long)(new TimeSpan(Interlocked.Read(ref _ticks)).TotalSeconds * TimestampFrequency);
}
