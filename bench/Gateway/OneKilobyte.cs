using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shabou.Bench.Gateway;

/// <summary>What stands behind every proxy: 1 KB of JSON, whatever is asked. It takes telemetry too, so that a gateway that traces has somewhere to send it.</summary>
internal static class OneKilobyte
{
    private static readonly byte[] s_body = System.Text.Encoding.UTF8.GetBytes($$"""{"sku":"PLV-RNCL4","text":"{{new string('x', 1024 - 31)}}"}""");

    /// <param name="port">Of 127.0.0.1, plain HTTP.</param>
    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.Run(async http =>
        {
            if (http.Request.Path.StartsWithSegments("/v1")) // OTLP
            {
                await http.Request.Body.CopyToAsync(Stream.Null);
                return;
            }
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = s_body.Length;
            await http.Response.Body.WriteAsync(s_body);
        });
        await app.RunAsync();
    }
}
