using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Resilience;

/// <summary>T07: two gateways under load; one is killed, both are restarted one after the other.</summary>
public sealed class RollingRestartTests(GatewayFixture fixture) : IAsyncLifetime
{
    private readonly GatewayProcess?[] _gateways = new GatewayProcess?[2];
    private readonly ConcurrentDictionary<GatewayProcess, HttpClient> _clients = new();
    private ScriptedService? _service;
    private IssuedKey? _key;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _service = await ScriptedService.StartAsync(http => http.Response.WriteAsync("answered"));
        _key = await fixture.Postgres.IssueAsync();
        await Task.WhenAll(StartAsync(0), StartAsync(1));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
        foreach (var gateway in _gateways)
            if (gateway is not null)
                await gateway.DisposeAsync();
        await _service!.DisposeAsync();
    }

    [Fact]
    public async Task A_killed_gateway_costs_a_client_that_tries_the_other_one_nothing()
    {
        await using var load = new Load(tries: 3, Answers);
        await load.AtLeastAsync(200);
        await _gateways[0]!.KillAsync();
        await load.AtLeastAsync(400);
        await StartAsync(0);
        await load.AtLeastAsync(200);
        var (asked, failed) = await load.EndAsync();
        Assert.True(failed == 0, $"{failed} of {asked} failed.");
    }

    [Fact, Trait("Category", "Faults")]
    public async Task A_killed_gateway_costs_clients_that_try_once_behind_a_balancer_one_request_in_a_hundred_for_two_seconds()
    {
        await using var load = new Load(tries: 1, Ready);
        await load.AtLeastAsync(200);
        var killed = Stopwatch.GetTimestamp();
        await _gateways[0]!.KillAsync();
        await load.AtLeastAsync(600);
        var (asked, failed) = await load.EndAsync();
        var lasted = load.LastFailure is { } last ? Stopwatch.GetElapsedTime(killed, last) : TimeSpan.Zero;
        TestContext.Current.SendDiagnosticMessage($"{failed} of {asked} failed, the last one {lasted.TotalSeconds:0.0} s after the kill");
        Assert.InRange(failed, 0, asked / 100);
        Assert.InRange(lasted, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact, Trait("Category", "Faults")] // DrainTests is the short version
    public async Task A_rolling_restart_costs_a_client_that_looks_at_the_health_nothing_even_if_it_tries_once()
    {
        await using var load = new Load(tries: 1, Ready);
        await load.AtLeastAsync(200);
        for (var i = 0; i < _gateways.Length; i++)
        {
            var old = _gateways[i]!;
            old.Terminate();
            Assert.Equal(0, await old.ExitCodeAsync());
            await StartAsync(i);
            await load.AtLeastAsync(200);
        }
        var (asked, failed) = await load.EndAsync();
        TestContext.Current.SendDiagnosticMessage($"{failed} of {asked} failed");
        Assert.True(failed == 0, $"{failed} of {asked} failed.");
    }

    private async Task StartAsync(int which)
    {
        var gateway = await GatewayProcess.StartAsync([.. fixture.Settings(_service!.Address), ("RateLimits:Policies:default:Requests", "100000"), ("Drain:Notice", "00:00:03")]);
        _clients[gateway] = gateway.Client(_key);
        await Until.TrueAsync(() => IsReadyAsync(gateway), "the gateway is ready");
        _gateways[which] = gateway;
    }

    private async Task<bool> IsReadyAsync(GatewayProcess gateway)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            limit.CancelAfter(TimeSpan.FromSeconds(10));
            using var response = await _clients[gateway].GetAsync(new Uri("/health", UriKind.Relative), limit.Token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>A client that knows both, and takes one after the other.</summary>
    private Task<bool> Answers(int turn) => AskAsync(_gateways[turn % 2]!);

    /// <summary>A balancer that asks for the health before it hands a request on.</summary>
    private async Task<bool> Ready(int turn)
    {
        for (var i = turn; ; i++)
            if (_gateways[i % 2] is { } gateway && await IsReadyAsync(gateway))
                return await AskAsync(gateway);
            else
                Cancelled.ThrowIfCancellationRequested();
    }

    private async Task<bool> AskAsync(GatewayProcess gateway)
    {
        try
        {
            return await _clients[gateway].GetStringAsync(new Uri("/api/v1/brands", UriKind.Relative), Cancelled) == "answered";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Four clients that ask one request after the other.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly int _tries;
        private readonly Func<int, Task<bool>> _ask;
        private readonly Task _clients;
        private int _asked;
        private int _failed;
        private long _lastFailure;

        internal Load(int tries, Func<int, Task<bool>> ask)
        {
            (_tries, _ask) = (tries, ask);
            _clients = Task.WhenAll(Enumerable.Range(0, 4).Select(client => Task.Run(() => RunAsync(client))));
        }

        /// <summary>When a request failed last, as <see cref="Stopwatch"/> counts.</summary>
        internal long? LastFailure => _lastFailure == 0 ? null : _lastFailure;

        internal Task<TimeSpan> AtLeastAsync(int more)
        {
            var goal = Volatile.Read(ref _asked) + more;
            return Until.TrueAsync(() => Volatile.Read(ref _asked) >= goal || _clients.IsFaulted, "the clients go on");
        }

        internal async Task<(int Asked, int Failed)> EndAsync()
        {
            await _stop.CancelAsync();
            await _clients;
            return (_asked, _failed);
        }

        public async ValueTask DisposeAsync()
        {
            await EndAsync();
            _stop.Dispose();
        }

        private async Task RunAsync(int client)
        {
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            for (var turn = client; !_stop.IsCancellationRequested; turn++)
            {
                var answered = false;
                for (var i = 0; i < _tries && !answered; i++)
                    answered = await _ask(turn + i);
                Interlocked.Increment(ref _asked);
                if (!answered)
                {
                    Interlocked.Increment(ref _failed);
                    Volatile.Write(ref _lastFailure, Stopwatch.GetTimestamp());
                }
                await pace.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }
}
