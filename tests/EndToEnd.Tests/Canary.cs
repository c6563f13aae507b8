using System.Collections.Concurrent;

using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shabou.EndToEnd.Tests;

/// <summary>Every secret of the system has one word in it while the journeys run. Whatever leaves a process and has that word gave a secret away:
/// logs, telemetry, headers and bodies of answers are searched for it.</summary>
public sealed class Canary : IAsyncDisposable
{
    private const string Word = "c4nary-";
    private static readonly byte[] s_word = Encoding.ASCII.GetBytes(Word);

    private readonly ConcurrentQueue<string> _sightings = new();
    private WebApplication? _collector;

    /// <summary>A secret like no other, with the word in it.</summary>
    public static string NewSecret() => Word + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Where secrets were seen; empty is good.</summary>
    public IReadOnlyCollection<string> Sightings => _sightings;

    /// <summary>Megabytes of telemetry are looked through: that many bytes so far.</summary>
    public long TelemetryBytes => Interlocked.Read(ref _telemetryBytes);
    private long _telemetryBytes;

    /// <summary>Looks at a text and remembers where it was when it has the word.</summary>
    public void LookAt(string where, string text)
    {
        if (text.IndexOf(Word, StringComparison.OrdinalIgnoreCase) is >= 0 and var at) _sightings.Enqueue($"{where}: {text[Math.Max(0, at - 80)..at]}***");
    }

    /// <summary>Starts a receiver of OTLP over HTTP; what comes is searched as it is, for its texts are plain UTF-8.</summary>
    /// <returns>Its address.</returns>
    public async Task<string> StartCollectorAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _collector = builder.Build();
        _collector.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            Interlocked.Add(ref _telemetryBytes, body.Length);
            if (body.GetBuffer().AsSpan(0, (int)body.Length).IndexOf(s_word) >= 0) LookAt($"telemetry {http.Request.Path}", Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length));
        });
        await _collector.StartAsync();
        return _collector.Urls.Single();
    }

    public async ValueTask DisposeAsync()
    {
        if (_collector is not null) await _collector.DisposeAsync();
    }

    /// <summary>Searches every answer that a client gets.</summary>
    internal sealed class Watcher(Canary canary) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            var where = $"{request.Method} {request.RequestUri?.AbsolutePath} {(int)response.StatusCode}";
            canary.LookAt(where, $"{response.Headers}{response.Content.Headers}");
            canary.LookAt(where, await response.Content.ReadAsStringAsync(cancellationToken));
            return response;
        }
    }
}
