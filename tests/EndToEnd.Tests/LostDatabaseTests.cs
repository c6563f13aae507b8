using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Shabou.Schema.Identity;

namespace Shabou.EndToEnd.Tests;

/// <summary>PostgreSQL is stopped under load and started again: whoever asks is told soon that he should ask again, nobody restarts, and all is as before.</summary>
public sealed class LostDatabaseTests(ShabouApp app)
{
    private static readonly string[] s_services = ["catalog", "forecast", "prospector", "gateway"];
    private static readonly TimeSpan s_promise = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(7); // 5 s, and what a busy machine takes
    private readonly ConcurrentQueue<(string Request, HttpStatusCode Status, TimeSpan Took, string? Problem, bool HasRetryAfter)> _answers = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task Without_PostgreSQL_for_5_seconds_every_answer_is_a_503_in_time_and_all_recovers() => LoseAsync(TimeSpan.FromSeconds(5));

    [Fact, Trait("Category", "Faults")]
    public Task Without_PostgreSQL_for_30_seconds_every_answer_is_a_503_in_time_and_all_recovers() => LoseAsync(TimeSpan.FromSeconds(30));

    /// <summary>T06 of the register: it is not gone, it hangs.</summary>
    [Fact, Trait("Category", "Faults")]
    public Task While_PostgreSQL_hangs_for_60_seconds_every_answer_is_a_503_in_time_and_all_recovers() =>
        LoseAsync(TimeSpan.FromSeconds(60), () => PostgresProcesses.SignalAsync(app, "STOP"), () => PostgresProcesses.SignalAsync(app, "CONT"));

    private Task LoseAsync(TimeSpan outage) => LoseAsync(outage, () => RunAsync(KnownResourceCommands.StopCommand), () => RunAsync(KnownResourceCommands.StartCommand));

    private async Task LoseAsync(TimeSpan outage, Func<Task> lose, Func<Task> bringBack)
    {
        foreach (var service in s_services) await TurnsAsync(service, HttpStatusCode.OK);
        var started = s_services.ToDictionary(service => service, StartOf);
        using var load = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var clients = await Task.WhenAll(Requests().Select(async request => (Client: await app.NewClientAsync(ApiKeyRole.Admin), request.Name, request.Make)));
        foreach (var (client, name, make) in clients) await SendAsync(client, name, make(0)); // the gateway knows the key from now on
        Assert.All(_answers, answer => Assert.True((int)answer.Status < 400, $"{answer.Request} was answered {answer.Status} before anything happened."));
        var callers = clients.Select(c => CallAsync(c.Client, c.Name, c.Make, load.Token)).ToList();

        await lose();
        var lost = Stopwatch.GetTimestamp();
        try
        {
            await Task.WhenAll(s_services.Select(service => TurnsAsync(service, HttpStatusCode.ServiceUnavailable)));
            foreach (var service in s_services) Assert.Equal(HttpStatusCode.OK, await ProbeAsync(service, "/alive"));
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (Stopwatch.GetElapsedTime(lost) < outage) await tick.WaitForNextTickAsync(Cancelled);
        }
        finally
        {
            await bringBack();
        }
        await app.WaitUntilHealthyAsync("postgres");
        await Task.WhenAll(s_services.Select(service => TurnsAsync(service, HttpStatusCode.OK)));
        foreach (var (client, name, make) in clients) await RecoversAsync(client, name, make);
        await load.CancelAsync();
        await Task.WhenAll(callers);

        var refused = _answers.Where(answer => (int)answer.Status >= 500).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, answer =>
        {
            Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable, $"{answer.Request} was answered {answer.Status} {answer.Problem}.");
            Assert.True(answer.HasRetryAfter, $"{answer.Request} was not told when to come back.");
            Assert.True(answer.Took < s_slowest, $"{answer.Request} was answered {answer.Status} after {answer.Took.TotalSeconds:0.0} s.");
        });
        Assert.Equal(started, s_services.ToDictionary(service => service, StartOf)); // nobody was restarted
        var took = refused.Select(answer => answer.Took).Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_answers.Count} answers, {refused.Count} of them 503 ({string.Join(", ", refused.CountBy(r => r.Problem ?? ""))}): median {took[took.Count / 2].TotalSeconds:0.00} s, slowest {took[^1].TotalSeconds:0.00} s");
        foreach (var (client, _, _) in clients) client.Dispose();
    }

    // Reads that no cache answers, and one write to each service.
    private static IEnumerable<(string Name, Func<int, HttpRequestMessage> Make)> Requests()
    {
        var run = Guid.NewGuid().ToString("N")[..8];
        yield return ("parts", n => Get($"/api/v1/products?size=1&minPrice={n + 1}"));
        yield return ("forecasts", _ => Get("/api/v1/forecasts?size=1"));
        yield return ("leads", _ => Get("/api/v1/leads?size=1"));
        yield return ("brand", n => Post("/api/v1/brands", new { slug = $"lost-{run}-{n}", name = "Lost" }));
        yield return ("promotion", n => Post("/api/v1/promotions", new { promotions = new[] { new { from = "2027-01-01", to = "2027-01-02", group = "freinage/", name = $"{run} {n}" } } }));
        yield return ("suppression", n => Post("/api/v1/suppressions", new { kind = "domain", value = $"{run}{n}.example.com", reason = "a test" }));

        static HttpRequestMessage Get(string address) => new(HttpMethod.Get, address);
        static HttpRequestMessage Post(string address, object body) => new(HttpMethod.Post, address) { Content = JsonContent.Create(body) };
    }

    private async Task CallAsync(HttpClient client, string name, Func<int, HttpRequestMessage> make, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(0.8)); // a client may ask 100 times a minute
        for (var n = 1; !stopping.IsCancellationRequested; n++)
        {
            await SendAsync(client, name, make(n));
            try
            {
                await timer.WaitForNextTickAsync(stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<HttpStatusCode> SendAsync(HttpClient client, string name, HttpRequestMessage request)
    {
        using (request)
        {
            var sent = Stopwatch.GetTimestamp();
            using var response = await client.SendAsync(request, Cancelled);
            var took = Stopwatch.GetElapsedTime(sent);
            var problem = response.IsSuccessStatusCode ? null : TypeOf(name, response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
            _answers.Enqueue((name, response.StatusCode, took, problem, response.Headers.RetryAfter is not null));
            return response.StatusCode;
        }
    }

    private static string? TypeOf(string name, HttpStatusCode status, string body)
    {
        try
        {
            return JsonDocument.Parse(body).RootElement.GetProperty("type").GetString();
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException)
        {
            throw new InvalidOperationException($"{name} was answered {status} and this is no problem: {body}", error);
        }
    }

    private async Task RecoversAsync(HttpClient client, string name, Func<int, HttpRequestMessage> make)
    {
        var since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(0.7));
        for (var n = 1_000_000; (int)await SendAsync(client, name, make(n)) >= 400; n++)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < s_promise, $"{name} was not answered {s_promise.TotalSeconds} s after the services were ready.");
            await timer.WaitForNextTickAsync(Cancelled);
        }
    }

    private async Task TurnsAsync(string service, HttpStatusCode status)
    {
        var since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await ProbeAsync(service, "/health") is var now && now != status)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < s_promise, $"/health of {service} was {now} for {s_promise.TotalSeconds} s and should be {status}.");
            await timer.WaitForNextTickAsync(Cancelled);
        }
    }

    private async Task<HttpStatusCode> ProbeAsync(string service, string path)
    {
        using var client = app.App.CreateHttpClient(service, "https");
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
        return answer.StatusCode;
    }

    private DateTime? StartOf(string service) => app.App.ResourceNotifications.TryGetCurrentState(service, out var state) ? state.Snapshot.StartTimeStamp : null;

    private async Task RunAsync(string command)
    {
        var result = await app.App.ResourceCommands.ExecuteCommandAsync("postgres", command, Cancelled);
        Assert.True(result.Success, result.Message);
    }
}
