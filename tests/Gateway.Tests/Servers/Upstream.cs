using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Shabou.ServiceDefaults.Limits;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>A service behind the gateway: answers everything, and remembers what reached it.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Upstream(WebApplication app) => _app = app;

    internal ConcurrentQueue<Seen> Requests { get; } = new();

    internal string Address => _app.Urls.Single();

    internal static async Task<Upstream> StartAsync(CancellationToken cancellationToken, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var upstream = new Upstream(app);
        app.Run(upstream.AnswerAsync);
        await app.StartAsync(cancellationToken);
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        if (http.Request.Path.Value!.EndsWith("/never", StringComparison.Ordinal))
            await Until.CancelledAsync(http.RequestAborted);
        var body = 0L;
        var buffer = new byte[81_920];
        var compressed = http.Request.Headers.ContentEncoding == "gzip";
        await using var gzip = compressed ? new GZipStream(http.Request.Body, CompressionMode.Decompress) : null;
        var stream = gzip is null ? http.Request.Body : new LimitedStream(gzip, RequestLimits.MaxBodyBytes, // as services read it
            () => new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge));
        try
        {
            while (await stream.ReadAsync(buffer, http.RequestAborted) is > 0 and var count)
                body += count;
        }
        catch (BadHttpRequestException error) when (gzip is not null)
        {
            http.Response.StatusCode = error.StatusCode;
            return;
        }
        Requests.Enqueue(new Seen(http.Request.Method, http.Request.Path, body,
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        await http.Response.WriteAsync("answered", http.RequestAborted);
    }

    internal sealed record Seen(string Method, string Path, long BodyBytes, Dictionary<string, string> Headers);
}
