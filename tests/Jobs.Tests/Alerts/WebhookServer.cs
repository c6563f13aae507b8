using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Shabou.Jobs.Tests.Alerts;

/// <summary>Receives alerts as Slack would, tells repeated ones by their id, and fails on request.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _failures;

    private WebhookServer(WebApplication app) => _app = app;

    /// <summary>What was accepted, by id.</summary>
    public ConcurrentDictionary<string, JsonElement> Heard { get; } = new();

    /// <summary>Every delivery, refused ones too: headers and body.</summary>
    public ConcurrentQueue<(IReadOnlyDictionary<string, string> Headers, byte[] Body)> Deliveries { get; } = new();

    public string Url => $"{_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/hook";

    /// <summary>The next so many deliveries are answered 500.</summary>
    public void FailNext(int count) => _failures = count;

    public static async Task<WebhookServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new WebhookServer(app);
        app.MapPost("/hook", server.HearAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task<IResult> HearAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        Deliveries.Enqueue((request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
        if (Interlocked.Decrement(ref _failures) >= 0) return Results.StatusCode(500);
        Heard.TryAdd(request.Headers["webhook-id"].ToString(), JsonSerializer.Deserialize<JsonElement>(body.ToArray()));
        return Results.Ok();
    }
}
