using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>An OpenID provider as Google is one, on Kestrel: discovery, authorize, token, keys, userinfo. It can be told to lie.</summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    internal const string ClientId = "shabou-tests";
    internal const string ClientSecret = "a-secret-of-tests-only";
    internal const string Domain = "shop.example";

    private readonly ConcurrentDictionary<string, Begun> _codes = new(StringComparer.Ordinal);
    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _otherKey = RSA.Create(2048);
    private WebApplication? _app;

    /// <summary>What the next identity token says wrongly.</summary>
    internal Lie Lie { get; set; }

    /// <summary>Who signs in next.</summary>
    internal Account Account { get; set; } = Account.Someone();

    internal string Address => _app!.Urls.Single();

    /// <summary>What a gateway must be told to sign people in here.</summary>
    internal (string, string?)[] Settings =>
    [
        ("Google:ClientId", ClientId), ("Google:ClientSecret", ClientSecret), ("Google:HostedDomain", Domain), ("Google:Issuer", Address),
        ("Google:AuthorizationEndpoint", $"{Address}/authorize"), ("Google:TokenEndpoint", $"{Address}/token"), ("Google:JwksUri", $"{Address}/keys"),
        ("Google:Patience", "00:01:00"), // a machine busy with other tests is slow, but the provider is there
    ];

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = Address, authorization_endpoint = $"{Address}/authorize", token_endpoint = $"{Address}/token", jwks_uri = $"{Address}/keys", userinfo_endpoint = $"{Address}/userinfo",
        }));
        _app.MapGet("/authorize", Authorize);
        _app.MapPost("/token", (Delegate)TokenAsync);
        _app.MapGet("/keys", Keys);
        _app.MapGet("/userinfo", () => Results.Json(new { sub = Account.Subject, email = Account.Email }));
        await _app.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _key.Dispose();
        _otherKey.Dispose();
    }

    private IResult Authorize(HttpRequest request)
    {
        var asked = request.Query;
        if (asked["client_id"] != ClientId || asked["response_type"] != "code" || asked["code_challenge_method"] != "S256")
            return Results.BadRequest("Not a request of this client.");
        if (Lie == Lie.Cancelled)
            return Results.Redirect(QueryHelpers.AddQueryString(asked["redirect_uri"]!, new Dictionary<string, string?> { ["error"] = "access_denied", ["state"] = asked["state"] }));
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        _codes[code] = new Begun(asked["code_challenge"]!, asked["nonce"]!, asked["redirect_uri"]!, asked["hd"]!);
        return Results.Redirect(QueryHelpers.AddQueryString(asked["redirect_uri"]!, new Dictionary<string, string?> { ["code"] = code, ["state"] = asked["state"] }));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (Lie == Lie.NoAnswer)
            return Results.Text("<h1>502</h1>", "text/html", statusCode: 502);
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret || Lie == Lie.ClientRefused)
            return Results.Json(new { error = "invalid_client" }, statusCode: 401);
        var verifier = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        return _codes.TryRemove(form["code"].ToString(), out var begun) && begun.Challenge == verifier && begun.RedirectUri == form["redirect_uri"] && begun.Hint == Domain
            ? Results.Json(new { access_token = "opaque", token_type = "Bearer", expires_in = 3599, id_token = Lie == Lie.NoIdToken ? null : IdToken(begun.Nonce) })
            : Results.Json(new { error = "invalid_grant" }, statusCode: 400);
    }

    private IResult Keys()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "first", n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) } } });
    }

    private string IdToken(string nonce)
    {
        var now = DateTimeOffset.UtcNow.AddSeconds(Lie == Lie.Expired ? -7_200 : Lie == Lie.NotYet ? 7_200 : 0).ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Lie == Lie.Issuer ? "https://accounts.elsewhere.example" : Address,
            ["aud"] = Lie == Lie.Audience ? "another-client" : ClientId,
            ["sub"] = Account.Subject, ["email"] = Account.Email, ["email_verified"] = Lie != Lie.EmailUnverified, ["name"] = Account.Name,
            ["nonce"] = Lie == Lie.Nonce ? "another-nonce" : nonce, ["iat"] = now, ["nbf"] = now, ["exp"] = now + 3_600,
        };
        if (Lie != Lie.NoDomain)
            claims["hd"] = Lie == Lie.OtherDomain ? "rival.example" : Domain;
        if (Lie == Lie.NoExpiry)
            claims.Remove("exp");
        if (Lie == Lie.NoNonce)
            claims.Remove("nonce");
        var (alg, kid) = Lie switch { Lie.NotSigned => ("none", "first"), Lie.Hmac => ("HS256", "first"), Lie.UnknownKey => ("RS256", "second"), _ => ("RS256", "first") };
        var signed = $"{Part(new { alg, kid, typ = "JWT" })}.{Part(claims)}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        return signed + "." + Base64Url.EncodeToString(Lie switch
        {
            Lie.NotSigned => [],
            Lie.Hmac => HMACSHA256.HashData(_key.ExportSubjectPublicKeyInfo(), bytes),
            Lie.OtherKey or Lie.UnknownKey => _otherKey.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => _key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        });
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));

    private sealed record Begun(string Challenge, string Nonce, string RedirectUri, string Hint);
}

/// <summary>Somebody's account at the provider.</summary>
internal sealed record Account(string Subject, string Email, string Name)
{
    /// <summary>Somebody who was never here before.</summary>
    internal static Account Someone()
    {
        var id = Guid.NewGuid().ToString("N");
        return new Account(id, $"{id[..12]}@{OpenIdProvider.Domain}", "Amira Ben Salah");
    }
}

/// <summary>One thing that an identity token, or the provider, can do wrong.</summary>
public enum Lie
{
    None, OtherDomain, NoDomain, EmailUnverified, Audience, Issuer, Nonce, NoNonce, Expired, NotYet, NoExpiry, OtherKey, UnknownKey, NotSigned, Hmac,
    NoIdToken, ClientRefused, NoAnswer, Cancelled,
}
