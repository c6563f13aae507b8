using System.Net;
using Polly;
using Shabou.Gateway.Resilience;

namespace Shabou.Gateway.Tests.Resilience;

/// <summary>The usual figures, by a clock of the test.</summary>
public sealed class CircuitTests
{
    private readonly ManualTime _time = new();
    private readonly List<CircuitStatus> _changes = [];
    private readonly Circuit _circuit;

    public CircuitTests() => _circuit = new Circuit("forecast", new BreakerOptions(), _time, (_, status) => _changes.Add(status));

    [Fact]
    public async Task Half_of_twenty_calls_failed_open_it_for_thirty_seconds()
    {
        for (var i = 0; i < 10; i++)
            await TryAsync(failed: false);
        for (var i = 0; i < 9; i++)
            await TryAsync(failed: true);
        Assert.Null(_circuit.Wait);
        await TryAsync(failed: true);
        Assert.Equal(TimeSpan.FromSeconds(30), _circuit.Wait);
        _time.Pass(TimeSpan.FromSeconds(29.9));
        Assert.InRange(_circuit.Wait!.Value, TimeSpan.FromSeconds(0.099), TimeSpan.FromSeconds(0.101));
        Assert.True((await TryAsync(failed: false)).WasRefused);
        _time.Pass(TimeSpan.FromSeconds(0.2));
        Assert.Null(_circuit.Wait);
        Assert.False((await TryAsync(failed: false)).WasRefused);
        Assert.Equal([CircuitStatus.Open, CircuitStatus.HalfOpen, CircuitStatus.Closed], _changes);
    }

    [Fact]
    public async Task Nineteen_failures_prove_nothing()
    {
        for (var i = 0; i < 19; i++)
            await TryAsync(failed: true);
        Assert.Equal(CircuitStatus.Closed, _circuit.Status);
    }

    [Fact]
    public async Task Failures_of_half_a_minute_ago_are_forgotten()
    {
        for (var i = 0; i < 19; i++)
            await TryAsync(failed: true);
        _time.Pass(TimeSpan.FromSeconds(31));
        for (var i = 0; i < 19; i++)
            await TryAsync(failed: true);
        Assert.Equal(CircuitStatus.Closed, _circuit.Status);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(26)]
    public async Task A_clock_that_is_set_changes_nothing_about_how_long_it_is_open(int hours)
    {
        for (var i = 0; i < 20; i++)
            await TryAsync(failed: true);
        _time.Set(TimeSpan.FromHours(hours));
        _time.Pass(TimeSpan.FromSeconds(29));
        Assert.True((await TryAsync(failed: false)).WasRefused);
        _time.Pass(TimeSpan.FromSeconds(2));
        Assert.Null(_circuit.Wait);
        Assert.False((await TryAsync(failed: false)).WasRefused);
        Assert.Equal(CircuitStatus.Closed, _circuit.Status);
    }

    [Fact]
    public async Task While_one_probe_is_under_way_nobody_else_asks_and_a_failed_probe_opens_it_again()
    {
        for (var i = 0; i < 20; i++)
            await TryAsync(failed: true);
        _time.Pass(TimeSpan.FromSeconds(31));
        var asked = 0;
        var answer = new TaskCompletionSource<Attempt>();
        var probe = AskAsync(async () => { asked++; return await answer.Task; });
        await Until.TrueAsync(() => Volatile.Read(ref asked) == 1, "the probe is under way");
        for (var i = 0; i < 50; i++)
        {
            Assert.NotNull(_circuit.Wait);
            Assert.True((await AskAsync(() => { asked++; return Task.FromResult(default(Attempt)); })).WasRefused);
        }
        Assert.Equal(1, asked);
        answer.SetResult(new Attempt(null, new HttpRequestException(), Failed: true));
        await probe;
        Assert.Equal(CircuitStatus.Open, _circuit.Status);
        Assert.Equal(TimeSpan.FromSeconds(30), _circuit.Wait);
    }

    [Theory]
    [InlineData(500, "application/problem+json", true)]
    [InlineData(500, "text/plain", true)]
    [InlineData(502, "text/html", true)]
    [InlineData(503, "text/plain", true)]
    [InlineData(503, "application/problem+json", false)]
    [InlineData(504, "application/problem+json", false)]
    [InlineData(501, "text/plain", false)]
    [InlineData(429, "text/plain", false)]
    [InlineData(404, "text/plain", false)]
    public void A_service_that_words_what_it_lacks_is_not_broken_itself(int status, string type, bool isFailure)
    {
        using var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("", System.Text.Encoding.UTF8, type) };
        Assert.Equal(isFailure, Attempt.IsFailure(answer));
    }

    private Task<Attempt> TryAsync(bool failed) => AskAsync(() => Task.FromResult(new Attempt(null, null, failed)));

    private async Task<Attempt> AskAsync(Func<Task<Attempt>> ask) =>
        Attempt.Of(await _circuit.TryAsync(static async (_, ask) => Outcome.FromResult(await ask()), ResilienceContextPool.Shared.Get(), ask));
}
