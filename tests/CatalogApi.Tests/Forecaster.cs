using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Shabou.CatalogApi.Tests;

/// <summary>A forecast service that fails on command, and says what it was asked.</summary>
public sealed class Forecaster : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _calls;

    private Forecaster(WebApplication app) => _app = app;

    public int Calls => _calls;

    public ConcurrentQueue<(string Target, string? Authorization)> Asked { get; } = new();

    public string Address => _app.Urls.First();

    /// <summary>The status of each call by its number from 1; 200 by default.</summary>
    public Func<int, HttpStatusCode> Answer { get; set; } = _ => HttpStatusCode.OK;

    /// <summary>Held back until this is completed.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    /// <summary>Mean of the only step.</summary>
    public double Mean { get; set; } = 1.5;

    public static async Task<Forecaster> StartAsync(CancellationToken cancellationToken)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        var forecaster = new Forecaster(app);
        app.Run(forecaster.HandleAsync);
        await app.StartAsync(cancellationToken);
        return forecaster;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        var status = Answer(Interlocked.Increment(ref _calls));
        Asked.Enqueue(($"{http.Request.Path}{http.Request.QueryString}", http.Request.Headers.Authorization));
        await Hold.WaitAsync(http.RequestAborted);
        http.Response.StatusCode = (int)status;
        var sku = http.Request.Path.Value!.Split('/')[^1];
        await http.Response.WriteAsync(status == HttpStatusCode.OK
            ? string.Create(CultureInfo.InvariantCulture, $$$"""{"sku":"{{{sku}}}","frequency":"M","class":"smooth","model":"theta","modelVersion":"v1","trainedAt":"2026-11-01T00:00:00Z","steps":[{"period":"2026-12-01","mean":{{{Mean}}},"quantiles":{"0.5":1}}]}""")
            : $$"""{"type":"/problems/x","status":{{(int)status}},"detail":"As told."}""", http.RequestAborted);
    }
}
