using System.Diagnostics;
using System.Net;
using System.Net.Security;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Abuse;

/// <summary>Clients that go about their business at a steady pace, and note how long each answer takes.</summary>
internal sealed class GoodClients : IAsyncDisposable
{
    private const int Clients = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50); // each: 20 requests a second
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task<List<TimeSpan>>> _working = [];

    internal GoodClients(Uri gateway, IssuedKey key)
    {
        for (var i = 0; i < Clients; i++)
            _working.Add(WorkAsync(gateway, key, _stop.Token));
    }

    /// <summary>Sends them home.</summary>
    /// <returns>How long answers took: the slowest of the quicker 99 %, and how many there were. An answer that was not 200 fails.</returns>
    internal async Task<(TimeSpan P99, int Answers)> StopAsync()
    {
        await _stop.CancelAsync();
        var times = (await Task.WhenAll(_working)).SelectMany(each => each).Order().ToList();
        return (times[(int)(times.Count * 0.99)], times.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private static async Task<List<TimeSpan>> WorkAsync(Uri gateway, IssuedKey key, CancellationToken stop)
    {
        using var handler = new SocketsHttpHandler();
#pragma warning disable CA5359 // the test's own certificate; who answers is not what these tests are about
        handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true };
#pragma warning restore CA5359
        using var client = new HttpClient(handler) { BaseAddress = gateway, DefaultRequestVersion = HttpVersion.Version20 };
        client.DefaultRequestHeaders.Add("X-Api-Key", key.Secret);
        var times = new List<TimeSpan>();
        using var tick = new PeriodicTimer(Pace);
        try
        {
            while (await tick.WaitForNextTickAsync(stop))
            {
                var started = Stopwatch.GetTimestamp();
                using var response = await client.GetAsync(Products, CancellationToken.None);
                times.Add(Stopwatch.GetElapsedTime(started));
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }
        catch (OperationCanceledException)
        {
            // sent home
        }
        return times;
    }
}
