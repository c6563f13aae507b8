using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>A service whose description a test writes, and which can be made to fail.</summary>
internal sealed class DescribedService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private volatile string _document;
    private volatile int _status = StatusCodes.Status200OK;
    private int _asked;

    private DescribedService(WebApplication app, string document) => (_app, _document) = (app, document);

    internal string Address => _app.Urls.Single();

    /// <summary>How often the description was asked for.</summary>
    internal int Asked => Volatile.Read(ref _asked);

    internal string Document { set => _document = value; }

    internal int Status { set => _status = value; }

    internal static async Task<DescribedService> StartAsync(string document)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var service = new DescribedService(app, document);
        app.Run(service.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    /// <summary>A document with one operation.</summary>
    internal static string With(string path, string operationId, string schema = """{ "type": "object", "properties": { "name": { "type": "string" } } }""") => $$"""
        { "openapi": "3.1.1", "info": { "title": "one", "version": "1" }, "tags": [ { "name": "Things" } ],
          "paths": { "{{path}}": { "get": { "operationId": "{{operationId}}", "summary": "Things", "tags": [ "Things" ], "responses": {
              "200": { "description": "OK", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } },
              "404": { "description": "No", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } } } } } },
          "components": { "schemas": { "Thing": {{schema}}, "Problem": { "type": "object" }, "Unused": { "type": "string" } } } }
        """;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path.Value!.EndsWith("/openapi/v1.json", StringComparison.Ordinal)) Interlocked.Increment(ref _asked); // the gateway probes /health too
        http.Response.StatusCode = _status;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(_document), http.RequestAborted);
    }
}
