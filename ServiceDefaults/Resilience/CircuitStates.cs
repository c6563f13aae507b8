using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Http.Resilience;

namespace Shabou.ServiceDefaults.Resilience;

/// <summary>The breakers of this process as a metric: <c>shabou.http.circuit_state {host}</c> is 0 closed, 1 half-open, 2 open. A host
/// appears with the first call to it.</summary>
internal sealed class CircuitStates : IDisposable
{
    public const string MeterName = "Shabou.Http";

    private const int Closed = 0;
    private const int HalfOpen = 1;
    private const int Open = 2;

    private readonly ConcurrentDictionary<string, int> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly Meter _meter;

    public CircuitStates(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _meter.CreateObservableGauge("shabou.http.circuit_state", Read, description: "Breaker of a host: 0 closed, 1 half-open, 2 open");
    }

    public void Seen(string host) => _states.TryAdd(host, Closed);

    /// <summary>Follows the breakers of these options.</summary>
    public void Follow(HttpCircuitBreakerStrategyOptions breaker)
    {
        breaker.OnOpened = opened => Set(MethodMark.HostOf(opened.Context), Open);
        breaker.OnHalfOpened = halfOpened => Set(MethodMark.HostOf(halfOpened.Context), HalfOpen);
        breaker.OnClosed = closed => Set(MethodMark.HostOf(closed.Context), Closed);
    }

    public void Dispose() => _meter.Dispose();

    private ValueTask Set(string? host, int state)
    {
        if (host is not null) _states[host] = state;
        return default;
    }

    private IEnumerable<Measurement<int>> Read() => _states.Select(state => new Measurement<int>(state.Value, KeyValuePair.Create<string, object?>("host", state.Key)));
}
