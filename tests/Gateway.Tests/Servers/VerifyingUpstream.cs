using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>A catalog that believes a token only by the published keys, which it reads again when it meets a key that it does not know.</summary>
internal sealed class VerifyingUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private JsonWebKeySet? _keys;

    private VerifyingUpstream(WebApplication app) => _app = app;

    /// <summary>Where the keys are read; set before the first request.</summary>
    internal GatewayHost? Publisher { get; set; }

    /// <summary>Accepted requests by key.</summary>
    internal ConcurrentDictionary<string, int> Accepted { get; } = new(StringComparer.Ordinal);

    internal string Address => _app.Urls.Single();

    internal static async Task<VerifyingUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var upstream = new VerifyingUpstream(app);
        app.Run(upstream.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var text = http.Request.Headers.Authorization.ToString()["Bearer ".Length..];
        var kid = new JsonWebToken(text).Kid;
        if (_keys is null || _keys.Keys.All(key => key.Kid != kid))
            _keys = await PublishedKeys.ReadAsync(Publisher!);
        var result = await PublishedKeys.ResultAsync(_keys, text, "catalog");
        if (result.IsValid)
            Accepted.AddOrUpdate(kid, 1, (_, count) => count + 1);
        http.Response.StatusCode = result.IsValid ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
    }
}
