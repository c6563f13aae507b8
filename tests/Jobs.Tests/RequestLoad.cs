using System.Collections.Concurrent;
using System.Net.Http.Json;
using Shabou.JobsWorker;

namespace Shabou.Jobs.Tests;

/// <summary>Clients that send so many requests a minute, answered or not, and what came of them: a fifth orders work, the others follow it and
/// read the lists.</summary>
/// <param name="client">An administrator's; its timeout is when an answer counts as missing.</param>
/// <param name="orders">Where work is ordered; it answers 202 and the address to follow it.</param>
/// <param name="next">What is ordered.</param>
internal sealed class RequestLoad(HttpClient client, string orders, Func<EffectOrder> next)
{
    private static readonly string[] Lists =
        ["/api/v1/jobs?queue=test&size=50", "/api/v1/jobs?kind=test.effect&state=running", "/api/v1/jobs?queue=test&state=completed", "/api/v1/dead-letters"];

    private readonly ConcurrentQueue<(TimeSpan At, TimeSpan Took)> _answers = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly List<Uri> _ordered = [];
    private readonly Lock _lock = new();

    /// <summary>Orders that were accepted.</summary>
    public int Ordered => _ordered.Count;

    /// <summary>Their jobs.</summary>
    public IReadOnlyList<Guid> OrderedJobs
    {
        get { lock (_lock) return [.. _ordered.Select(address => Guid.Parse(address.OriginalString[(address.OriginalString.LastIndexOf('/') + 1)..]))]; }
    }

    /// <summary>Requests that were answered by something else than 2xx, or not at all.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>One request of each sort, not measured: the first of a program waits for its compiler.</summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        for (var number = 0; number < 10; number++) await SendAsync(number, TimeProvider.System.GetTimestamp(), cancellationToken);
        _answers.Clear();
    }

    /// <summary>Sends, and returns when the last request is answered.</summary>
    public async Task RunAsync(int perMinute, TimeSpan window, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var sent = new List<Task>();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var elapsed = TimeSpan.Zero; elapsed < window; elapsed = TimeProvider.System.GetElapsedTime(started))
        {
            // By the clock, not by the tick: what a late tick missed is sent at once, and no answer is waited for.
            while (sent.Count < perMinute * elapsed.TotalMinutes) sent.Add(SendAsync(sent.Count, started, cancellationToken));
            await tick.WaitForNextTickAsync(cancellationToken);
        }
        await Task.WhenAll(sent);
    }

    /// <summary>How many were answered well in each span of the window.</summary>
    public IEnumerable<int> AnsweredIn(TimeSpan span, TimeSpan window) =>
        Enumerable.Range(0, (int)(window / span)).Select(i => _answers.Count(a => (int)(a.At / span) == i));

    /// <summary>The time within which that share of the answers came.</summary>
    public TimeSpan Percentile(double share) => _answers.Select(a => a.Took).Order().ElementAt((int)(share * (_answers.Count - 1)));

    private async Task SendAsync(int number, long started, CancellationToken cancellationToken)
    {
        using var request = Request(number);
        var sent = TimeProvider.System.GetTimestamp();
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                _errors.Enqueue($"{request.Method} {request.RequestUri}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
                return;
            }
            _answers.Enqueue((TimeProvider.System.GetElapsedTime(started), TimeProvider.System.GetElapsedTime(sent)));
            if (response.Headers.Location is { } followed)
                lock (_lock) _ordered.Add(followed);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            _errors.Enqueue($"{request.Method} {request.RequestUri}: {error.Message}");
        }
    }

    private HttpRequestMessage Request(int number)
    {
        var turn = number % 10;
        if (turn >= 6) return new(HttpMethod.Get, Lists[turn - 6]);
        lock (_lock)
        {
            // All those ordered so far, in turn: waiting, running and finished ones.
            if (turn >= 2 && _ordered.Count > 0) return new(HttpMethod.Get, _ordered[number % _ordered.Count]);
        }
        return new(HttpMethod.Post, orders) { Content = JsonContent.Create(next()) };
    }
}
