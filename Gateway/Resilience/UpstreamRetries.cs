using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using Polly;
using Shabou.Gateway.Routing;
using Yarp.ReverseProxy.Model;

namespace Shabou.Gateway.Resilience;

/// <summary>Asks a service, through its breaker, and once or twice again when a GET or HEAD met nobody and the budget allows.</summary>
internal sealed class UpstreamRetries
{
    private readonly Circuits _circuits;
    private readonly RetryBudgets _budgets;
    private readonly OutlierPolicy _outliers;
    private readonly WeightedPolicy _choice;
    private readonly ResilienceOptions _options;
    private readonly TimeProvider _time;
    private readonly Counter<long> _retried;

    public UpstreamRetries(Circuits circuits, RetryBudgets budgets, OutlierPolicy outliers, WeightedPolicy choice,
        IOptions<ResilienceOptions> options, TimeProvider time, IMeterFactory meters)
    {
        (_circuits, _budgets, _outliers, _choice, _options, _time) = (circuits, budgets, outliers, choice, options.Value, time);
        _retried = meters.Create("Shabou.Gateway").CreateCounter<long>("shabou.gateway.retries", description: "Requests asked again, and those for which the budget was spent");
    }

    internal async Task<HttpResponseMessage> SendAsync(string cluster, HttpContext http, HttpRequestMessage request,
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        var circuit = _circuits.Of(cluster);
        var budget = _budgets.Of(cluster);
        var call = new Call(this, circuit, http, request, send, cancellationToken);
        budget.Earn();
        // Without the caller's token: a breaker that saw it cancelled would skip the try and take that for a success, and a probe would close it unanswered.
        var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
        try
        {
            var attempt = Attempt.Of(await circuit.TryAsync(Call.SendAsync, context, call));
            if (attempt.IsWorthRetrying && call.MayBeRepeated)
                attempt = await RetryAsync(cluster, circuit, budget, call, attempt, context);
            return attempt.Unwrap();
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<Attempt> RetryAsync(string cluster, Circuit circuit, RetryBudget budget, Call call, Attempt attempt, ResilienceContext context)
    {
        var tried = new List<DestinationState>(2);
        for (var retry = 0; retry < _options.Retry.Attempts && attempt.IsWorthRetrying && circuit.Wait is null; retry++)
        {
            var allowed = budget.TrySpend();
            _retried.Add(1, KeyValuePair.Create<string, object?>("cluster", cluster), KeyValuePair.Create<string, object?>("outcome", allowed ? "asked" : "spent"));
            if (!allowed)
                break;
            var pause = Backoff.Before(retry, _options.Retry, Random.Shared.NextDouble());
            try
            {
                await Task.Delay(attempt.Pause > pause ? attempt.Pause.Value : pause, _time, call.CancellationToken);
            }
            finally
            {
                attempt.Answer?.Dispose(); // either another is coming or nobody is waiting
            }
            MoveOn(call, tried);
            attempt = Attempt.Of(await circuit.TryAsync(Call.SendAsync, context, call));
        }
        return attempt;
    }

    /// <summary>Sends the next try to a destination that has not been tried, when there is one.</summary>
    private void MoveOn(Call call, List<DestinationState> tried)
    {
        var proxy = call.Http.GetReverseProxyFeature();
        if (proxy.ProxiedDestination is not { } failed || proxy.Route.Cluster is not { } cluster)
            return;
        tried.Add(failed);
        _outliers.Report(cluster, failed, hasFailed: true); // YARP will hear of the last try only
        var others = cluster.DestinationsState.AvailableDestinations.Where(destination => !tried.Contains(destination)).ToList();
        if (_choice.PickDestination(call.Http, cluster, others) is not { } next)
            return;
        var (before, after) = (failed.Model.Config.Address.TrimEnd('/'), next.Model.Config.Address.TrimEnd('/'));
        var address = call.Request.RequestUri!.OriginalString;
        if (!address.StartsWith(before, StringComparison.OrdinalIgnoreCase))
            return;
        call.Request.RequestUri = new Uri(string.Concat(after, address.AsSpan(before.Length)));
        proxy.ProxiedDestination = next;
    }

    private sealed record Call(UpstreamRetries Owner, Circuit Circuit, HttpContext Http, HttpRequestMessage Request,
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Send, CancellationToken CancellationToken)
    {
        private bool IsRead => Request.Method == HttpMethod.Get || Request.Method == HttpMethod.Head;

        internal bool MayBeRepeated => IsRead && Request.Content is null && !CancellationToken.IsCancellationRequested;

        internal static async ValueTask<Outcome<Attempt>> SendAsync(ResilienceContext context, Call call)
        {
            var since = call.Owner._time.GetTimestamp();
            try
            {
                var answer = await call.Send(call.Request, call.CancellationToken);
                return Outcome.FromResult(new Attempt(answer, null, Attempt.IsFailure(answer) || (call.IsRead && call.Owner.IsSlow(since))));
            }
            catch (OperationCanceledException gaveUp) when (!call.CancellationToken.IsCancellationRequested)
            {
                // Only the time to connect is limited below us; to everybody above this is a destination that is not there.
                return Outcome.FromResult(new Attempt(null, new HttpRequestException(HttpRequestError.ConnectionError, "The connection was not accepted in time.", gaveUp), Failed: true));
            }
            catch (OperationCanceledException gone)
            {
                // Who sends a body decides how long that takes, and a client that left says nothing about the service; but the one probe
                // of a broken service must not close its breaker unanswered.
                var isService = call.Request.Content is null && (call.HasTimedOut || call.Owner.IsSlow(since));
                return Outcome.FromResult(new Attempt(null, gone, isService || call.Circuit.Status == CircuitStatus.HalfOpen));
            }
            catch (Exception error)
            {
                // A body that the client breaks off ends here too, as an error without a kind.
                return Outcome.FromResult(new Attempt(null, error, Failed: call.Request.Content is null || error is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown }));
            }
        }

        private bool HasTimedOut => !Http.RequestAborted.IsCancellationRequested
            || Http.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true;
    }

    private bool IsSlow(long since) => _time.GetElapsedTime(since) > _options.Breaker.SlowAfter;
}
