using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shabou.Testing;

namespace Shabou.ServiceDefaults.Tests.Auth;

/// <summary>Publishes a key set as the gateway does; its keys change, and it can be away.</summary>
internal sealed class KeySetServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _asked;

    private KeySetServer(WebApplication app) => _app = app;

    public string Address => $"{_app.Urls.First()}/.well-known/jwks.json";

    public int Asked => _asked;

    public string Body { get; set; } = "";

    /// <summary>Answers 503.</summary>
    public bool IsAway { get; set; }

    /// <summary>Answers only after this.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    public static async Task<KeySetServer> StartAsync(params TokenSigner[] signers)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new KeySetServer(app) { Body = TokenSigner.KeySetOf(signers) };
        app.Run(server.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        Interlocked.Increment(ref _asked);
        await Hold.WaitAsync(http.RequestAborted);
        http.Response.StatusCode = (int)(IsAway ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
        if (!IsAway) await http.Response.WriteAsync(Body, http.RequestAborted);
    }
}
