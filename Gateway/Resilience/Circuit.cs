using Polly;
using Polly.CircuitBreaker;

namespace Shabou.Gateway.Resilience;

/// <summary>The breaker of one cluster. It counts tries, and a try ends when the answer begins, so that long answers and WebSockets
/// hold nothing up.</summary>
internal sealed class Circuit
{
    private readonly ResiliencePipeline<Attempt> _breaker;
    private readonly TimeProvider _time;
    private volatile CircuitStatus _status;
    private long _openUntil;

    /// <param name="cluster">For the log.</param>
    /// <param name="changed">Told of every change of state, with the cluster.</param>
    internal Circuit(string cluster, BreakerOptions options, TimeProvider time, Action<string, CircuitStatus> changed)
    {
        _time = new SteadyTime(time);
        _breaker = new ResiliencePipelineBuilder<Attempt> { TimeProvider = _time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Attempt>
            {
                FailureRatio = options.FailureRatio, MinimumThroughput = options.MinimumCalls, SamplingDuration = options.Window, BreakDuration = options.Break,
                ShouldHandle = static call => ValueTask.FromResult(call.Outcome.Result.Failed),
                OnOpened = opened => Set(CircuitStatus.Open, opened.BreakDuration),
                OnHalfOpened = _ => Set(CircuitStatus.HalfOpen),
                OnClosed = _ => Set(CircuitStatus.Closed),
            })
            .Build();

        ValueTask Set(CircuitStatus status, TimeSpan openFor = default)
        {
            Volatile.Write(ref _openUntil, (_time.GetUtcNow() + openFor).UtcTicks);
            _status = status;
            changed(cluster, status);
            return default;
        }
    }

    internal CircuitStatus Status => _status;

    /// <summary>How long nothing will be asked, or null: ask. Costs one read while the circuit is closed.</summary>
    internal TimeSpan? Wait => _status switch
    {
        CircuitStatus.Closed => null,
        CircuitStatus.HalfOpen => TimeSpan.FromSeconds(1), // the probe is under way
        _ => Volatile.Read(ref _openUntil) - _time.GetUtcNow().UtcTicks is > 0 and var left ? TimeSpan.FromTicks(left) : null,
    };

    /// <summary>Tries, unless the circuit is open, and counts how it ended.</summary>
    /// <param name="attempt">One try, which catches what goes wrong.</param>
    /// <param name="context">The caller's, from the pool.</param>
    /// <param name="state">For <paramref name="attempt"/>.</param>
    /// <returns>See <see cref="Attempt.Of"/>.</returns>
    internal ValueTask<Outcome<Attempt>> TryAsync<TState>(Func<ResilienceContext, TState, ValueTask<Outcome<Attempt>>> attempt, ResilienceContext context, TState state) =>
        _breaker.ExecuteOutcomeAsync(attempt, context, state);
}

/// <summary>Values of the gauge.</summary>
internal enum CircuitStatus
{
    Closed = 0,
    HalfOpen = 1,
    Open = 2,
}
