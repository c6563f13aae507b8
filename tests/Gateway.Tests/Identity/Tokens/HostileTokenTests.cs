using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Shabou.Gateway.Identity.Keys;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Identity.Tokens;

/// <summary>Every token that is not exactly one of ours is refused with a sentence of its own, and no service hears of it. It has a Redis of
/// its own: thousands of requests from one address would use up what other tests count.</summary>
public sealed class HostileTokenTests : IDisposable, IClassFixture<RedisServer>
{
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);
    private readonly GatewayFixture _fixture;
    private readonly GatewayHost _gateway;
    private readonly Person _person = new(Guid.CreateVersion7(), Guid.CreateVersion7());
    private readonly string _mark = Guid.NewGuid().ToString();
    private readonly string _good;
    private readonly HttpClient _client;
    private readonly RingKey _key;

    public HostileTokenTests(GatewayFixture fixture, RedisServer redis)
    {
        _fixture = fixture;
        _gateway = fixture.Gateway(("RateLimits:Policies:default:Requests", "100000"), ("ConnectionStrings:redis", $"127.0.0.1:{redis.Port}"));
        _good = _person.TokenFrom(_gateway);
        _client = _gateway.Client();
        _key = _gateway.Services.GetRequiredService<SigningKeys>().Current!.Signing(DateTimeOffset.UtcNow)!;
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public async Task Tokens_that_say_something_else_are_refused_each_by_its_sentence()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var strong = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var now = DateTime.UtcNow;
        (string Token, string Sentence)[] attempts =
        [
            (Forge("""{"alg":"none","typ":"at+jwt"}""", _ => []), "signature"),
            (Forge($$"""{"alg":"none","typ":"at+jwt","kid":"{{_key.Kid}}"}""", _ => []), "signature"),
            (Forge($$"""{"alg":"HS256","typ":"at+jwt","kid":"{{_key.Kid}}"}""", signed => HMACSHA256.HashData(_key.Public.ECDsa.ExportSubjectPublicKeyInfo(), signed)), "signature"),
            (Forge($$"""{"alg":"HS256","typ":"at+jwt","kid":"{{_key.Kid}}"}""", signed => HMACSHA256.HashData(Encoding.UTF8.GetBytes(_key.Public.ECDsa.ExportSubjectPublicKeyInfoPem()), signed)), "signature"),
            (Forge($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{_key.Kid}}"}""", signed => stranger.SignData(signed, HashAlgorithmName.SHA256)), "signature"),
            (Forge("""{"alg":"ES256","typ":"at+jwt","kid":"nobody"}""", signed => stranger.SignData(signed, HashAlgorithmName.SHA256)), "key of this system"),
            (Forge("""{"alg":"ES256","typ":"at+jwt"}""", signed => stranger.SignData(signed, HashAlgorithmName.SHA256)), "key of this system"),
            (Forge($$"""{"alg":"ES256","typ":"at+jwt","jwk":{{PublicJson(stranger)}}}""", signed => stranger.SignData(signed, HashAlgorithmName.SHA256)), "key of this system"),
            (Forge($$"""{"alg":"ES384","typ":"at+jwt","kid":"{{_key.Kid}}"}""", signed => strong.SignData(signed, HashAlgorithmName.SHA384)), "signature"),
            (Sign(token => token.Expires = now.AddSeconds(-31)), "expired"),
            (Sign(token => (token.NotBefore, token.Expires) = (now.AddSeconds(45), now.AddMinutes(5))), "not valid yet"),
            (Sign(token => token.Expires = null), "no valid times"),
            (Sign(token => token.Audience = "catalog"), "somebody else"),
            (Sign(token => token.Audience = null), "somebody else"),
            (Sign(token => token.Issuer = "https://accounts.google.com"), "not issued here"),
            (Sign(token => token.TokenType = "JWT"), "not an access token"),
            (Sign(token => token.Claims.Remove("sub")), "lacks one of"),
            (Sign(token => token.Claims.Remove("sid")), "lacks one of"),
            (Sign(token => token.Claims.Remove("role")), "lacks one of"),
            (_good[..^1], "signature"),
            (_good[..^1] + (char)(_good[^1] + 1), "signature"), // differs in bits only that base64url leaves unused
            (_good[..(_good.LastIndexOf('.') + 1)], "signature"),
            ("not-a-tokeA", "cannot be read"),
            ("..A", "cannot be read"),
            ("a.b.c.d.A", "cannot be read"),
            ("a", "signature"),
            (new string('a', 20_000), "8,192"),
        ];
        foreach (var (token, sentence) in attempts)
        {
            using var response = await SendAsync(token);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
            Assert.Contains("error=\"invalid_token\"", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
            var detail = await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
            Assert.True(detail.Contains(sentence, StringComparison.Ordinal) || (sentence == "signature" && detail.Contains("cannot be read", StringComparison.Ordinal)),
                $"'{detail}' does not say '{sentence}' of {token[..Math.Min(40, token.Length)]}");
            Assert.DoesNotContain("IDX", detail, StringComparison.Ordinal);
        }
        NothingReachedAService();
        using var accepted = await SendAsync(Sign(_ => { })); // the forger itself works
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Fact]
    public async Task A_thousand_flipped_bits_are_refused()
    {
        var parts = _good.Split('.').Select(part => Base64Url.DecodeFromChars(part)).ToArray();
        var bits = parts.Sum(part => part.Length) * 8;
        var random = new Random(20261121);
        var latencies = new List<double>();
        foreach (var bit in Enumerable.Range(0, 1_000).Select(_ => random.Next(bits)))
        {
            var (copies, at) = (parts.Select(part => part.ToArray()).ToArray(), bit / 8);
            var part = 0;
            for (; at >= copies[part].Length; part++)
                at -= copies[part].Length;
            copies[part][at] ^= (byte)(1 << (bit % 8));
            var watch = Stopwatch.GetTimestamp();
            using var response = await SendAsync(string.Join('.', copies.Select(copy => Base64Url.EncodeToString(copy))));
            latencies.Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
        NothingReachedAService();
        latencies.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine($"refused in {latencies[500]:0.0} ms (median), {latencies[990]:0.0} ms (p99)");
    }

    [Fact]
    public async Task Tokens_of_another_ring_and_those_for_services_are_refused()
    {
        using var foreign = _fixture.Gateway(("ConnectionStrings:shabou", await _fixture.Postgres.NewDatabaseAsync()));
        using (var other = await SendAsync(_person.TokenFrom(foreign)))
            Assert.Contains("not signed by a key of this system", await other.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated"), StringComparison.Ordinal);
        NothingReachedAService();

        using (var passed = await SendAsync(_good))
            Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
        var told = _fixture.Service.Requests.Single(seen => seen.Headers.GetValueOrDefault("X-Mark") == _mark).Headers["Authorization"]["Bearer ".Length..];
        using var back = await SendAsync(told);
        Assert.Contains("somebody else", await back.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_credentials_at_once_and_other_schemes_are_refused()
    {
        var key = await _fixture.Postgres.IssueAsync();
        (Action<HttpRequestMessage> Shape, string Sentence)[] attempts =
        [
            (request => { request.Headers.Add("Authorization", $"Bearer {_good}"); request.Headers.Add("X-Api-Key", key.Secret); }, "Both Authorization and X-Api-Key"),
            (request => request.Headers.Add("Authorization", "Basic Zm9vOmJhcg=="), "must be: Bearer"),
            (request => request.Headers.TryAddWithoutValidation("Authorization", "Bearer"), "must be: Bearer"),
            (request => request.Headers.TryAddWithoutValidation("Authorization", (string[])[$"Bearer {_good}", $"Bearer {_good}"]), "cannot be read"), // one line on the wire
        ];
        foreach (var (shape, sentence) in attempts)
        {
            using var response = await SendAsync(null, shape);
            Assert.Contains(sentence, await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated"), StringComparison.Ordinal);
        }
        NothingReachedAService();
    }

    [Fact]
    public async Task A_header_sent_twice_is_refused()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_gateway.Https.Host, _gateway.Https.Port, Cancelled);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", RemoteCertificateValidationCallback = (_, certificate, _, _) => _gateway.Presents(certificate) }, Cancelled);
        await tls.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_good}\r\nAuthorization: Bearer {_good}\r\nConnection: close\r\n\r\n"), Cancelled);
        using var reader = new StreamReader(tls);
        var answer = await reader.ReadToEndAsync(Cancelled);
        Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
        Assert.Contains("Authorization was sent more than once", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_100_KB_is_refused_before_anybody_reads_it()
    {
        try
        {
            using var response = await SendAsync(new string('a', 100_000), request => (request.Version, request.VersionPolicy) = (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact));
            Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
        }
        catch (HttpRequestException hungUp)
        {
            Assert.IsType<IOException>(hungUp.InnerException); // the gateway answered and closed before the client had sent it all
        }
        NothingReachedAService();
    }

    private async Task<HttpResponseMessage> SendAsync(string? token, Action<HttpRequestMessage>? shape = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Products) { Headers = { { "X-Mark", _mark } }, Version = HttpVersion.Version20 };
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        shape?.Invoke(request);
        return await _client.SendAsync(request, Cancelled);
    }

    private void NothingReachedAService() => Assert.DoesNotContain(_fixture.Service.Requests, seen => seen.Headers.GetValueOrDefault("X-Mark") == _mark);

    /// <summary>The claims of a good token under another header and signature.</summary>
    private string Forge(string header, Func<byte[], byte[]> sign)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{_good.Split('.')[1]}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>A token signed by the true key, as if somebody had it, with one thing changed.</summary>
    private string Sign(Action<SecurityTokenDescriptor> change)
    {
        var now = DateTime.UtcNow;
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = "shabou", Audience = "shabou", TokenType = "at+jwt", SigningCredentials = _key.Credentials,
            IssuedAt = now.AddMinutes(-10), NotBefore = now.AddMinutes(-10), Expires = now.AddMinutes(5),
            Claims = new Dictionary<string, object> { ["sub"] = _person.Id.ToString(), ["sid"] = _person.Session.ToString(), ["name"] = "Amel", ["role"] = "ADMIN" },
        };
        change(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    private static string PublicJson(ECDsa key)
    {
        var (x, y) = RingKey.PointOf(key);
        return JsonSerializer.Serialize(new { kty = "EC", crv = "P-256", x, y });
    }
}
