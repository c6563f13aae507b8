using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using Shabou.Schema.Identity;
using Shabou.Testing;

namespace Shabou.Bench.Gateway;

/// <summary>Our gateway as it is built for release, on a PostgreSQL and a Redis of its own, every request traced and its spans sent.</summary>
internal sealed class OurGateway(Contestant process, HttpClient client, string apiKey) : IAsyncDisposable
{
    public Contestant Process => process;

    public static async Task<OurGateway> StartAsync(string root, TestServers servers, TestAuthority tls, string upstream)
    {
        var database = await servers.CreateDatabaseAsync();
        var secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        await using (var context = TestServers.ContextOn(database))
        {
            context.ApiKeys.Add(new()
            {
                Id = Guid.CreateVersion7(), Name = "bench", Prefix = secret[..ApiKey.PrefixLength], Hash = ApiKey.HashOf(secret), Role = ApiKeyRole.Admin, CreatedAt = DateTimeOffset.UtcNow,
            });
            await context.SaveChangesAsync();
        }
        var folder = Path.Combine(root, "Gateway/bin/standins/Release/net10.0");
        if (!Directory.Exists(folder)) folder = Path.Combine(root, "Gateway/bin/aspire/Release/net10.0");
        var (https, http) = (Contestant.FreePort(), Contestant.FreePort());
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development", ["ASPNETCORE_CONTENTROOT"] = folder, ["ASPNETCORE_URLS"] = $"https://127.0.0.1:{https};http://127.0.0.1:{http}",
            ["Kestrel__Certificates__Default__Path"] = tls.Certificate, ["Kestrel__Certificates__Default__KeyPath"] = tls.Key,
            ["ConnectionStrings__shabou"] = database, ["ConnectionStrings__redis"] = servers.Redis,
            ["Identity__MasterKey"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(32)),
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = upstream, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_SERVICE_NAME"] = "gateway",
        };
        foreach (var policy in (string[])["default", "login", "guessing"]) // counted as always, and never reached
        {
            environment[$"RateLimits__Policies__{policy}__Requests"] = "100000";
            environment[$"RateLimits__Policies__{policy}__Window"] = "00:00:01";
        }
        environment["RateLimits__Policies__login__PerAccount"] = "100000";
        environment["Logging__LogLevel__Default"] = "Warning"; // no contestant writes a line for each request
        foreach (var service in (string[])["catalog", "forecast", "prospector"]) environment[$"services__{service}__http__0"] = upstream;
        var process = await Contestant.StartAsync("Shabou, every request traced", https, ["dotnet", "exec", Path.Combine(folder, "Gateway.dll")], environment)
            ?? throw new InvalidOperationException("dotnet is not there.");
        var trusted = X509CertificateLoader.LoadCertificateFromFile(tls.Certificate);
        var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { trusted }, RevocationMode = X509RevocationMode.NoCheck } },
        })
        {
            BaseAddress = new(string.Create(CultureInfo.InvariantCulture, $"https://localhost:{https}")),
        };
        return new(process, client, secret);
    }

    /// <summary>An access token for the bench's API key; each one is another.</summary>
    public async Task<string> TokenAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/token") { Content = JsonContent.Create(new { grantType = "api-key" }), Headers = { { "X-Api-Key", apiKey } } };
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
    }

    /// <summary>The key that signs them, PEM.</summary>
    public async Task<string> PublicKeyAsync()
    {
        var key = new JsonWebKeySet(await client.GetStringAsync("/.well-known/jwks.json")).Keys[0];
        using var pair = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = { X = Base64UrlEncoder.DecodeBytes(key.X), Y = Base64UrlEncoder.DecodeBytes(key.Y) } });
        return pair.ExportSubjectPublicKeyInfoPem();
    }

    /// <summary>Microseconds of processor time for the first request of each token, and for the second.</summary>
    public async Task<(double First, double Second)> FirstUseAsync(int tokens)
    {
        var all = new List<string>();
        for (var i = 0; i < tokens; i++) all.Add(await TokenAsync());
        return (await UseAsync(all), await UseAsync(all));
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await process.DisposeAsync();
    }

    private async Task<double> UseAsync(List<string> tokens)
    {
        var before = process.Processor;
        foreach (var token in tokens)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/products/one") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
            using var response = await client.SendAsync(request);
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync();
        }
        return (process.Processor - before).TotalMicroseconds / tokens.Count;
    }
}
