using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>A service that answers as the test says. Probes of /health are answered apart and not counted.</summary>
internal sealed class ScriptedService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _calls;
    private int _probes;

    private ScriptedService(WebApplication app) => _app = app;

    /// <summary>How requests are answered from now on.</summary>
    internal required RequestDelegate Answer { get; set; }

    /// <summary>Status of /health.</summary>
    internal int Health { get; set; } = StatusCodes.Status200OK;

    /// <summary>Requests that were no probes.</summary>
    internal int Calls => Volatile.Read(ref _calls);

    internal int Probes => Volatile.Read(ref _probes);

    internal string Address => _app.Urls.Single();

    internal static async Task<ScriptedService> StartAsync(RequestDelegate answer, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var service = new ScriptedService(app) { Answer = answer };
        app.UseWebSockets();
        app.Run(service.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    /// <summary>Answers with this status and nothing else.</summary>
    internal static Task<ScriptedService> StartAsync(int status) => StartAsync(Status(status));

    internal static RequestDelegate Status(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Answers so late.</summary>
    internal static RequestDelegate After(TimeSpan time) => async http =>
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(http.RequestAborted);
    };

    /// <summary>Answers never; ends when the caller gives up.</summary>
    internal static Task Never(HttpContext http) => Until.CancelledAsync(http.RequestAborted);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == "/health")
        {
            Interlocked.Increment(ref _probes);
            http.Response.StatusCode = Health;
            return Task.CompletedTask;
        }
        Interlocked.Increment(ref _calls);
        return Answer(http);
    }
}
