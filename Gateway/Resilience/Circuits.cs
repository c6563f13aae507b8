using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;

namespace Shabou.Gateway.Resilience;

/// <summary>One breaker for each cluster, kept over changes of configuration. As a metric, <c>shabou.gateway.circuit_state {cluster}</c>:
/// 0 closed, 1 half-open, 2 open.</summary>
internal sealed partial class Circuits
{
    private readonly ConcurrentDictionary<string, Circuit> _circuits = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<string, Circuit> _make;
    private readonly ILogger<Circuits> _logger;

    public Circuits(IOptions<ResilienceOptions> options, TimeProvider time, IMeterFactory meters, ILogger<Circuits> logger)
    {
        _logger = logger;
        _make = cluster => new Circuit(cluster, options.Value.Breaker, time, (name, status) => Log(name, status, options.Value.Breaker.Break));
        meters.Create("Shabou.Gateway").CreateObservableGauge("shabou.gateway.circuit_state",
            () => _circuits.Select(circuit => new Measurement<int>((int)circuit.Value.Status, KeyValuePair.Create<string, object?>("cluster", circuit.Key))),
            description: "Breaker of a service: 0 closed, 1 half-open, 2 open");
    }

    internal Circuit Of(string cluster) => _circuits.GetOrAdd(cluster, _make);

    private void Log(string cluster, CircuitStatus status, TimeSpan openFor)
    {
        if (status == CircuitStatus.Open)
            LogOpened(cluster, openFor.TotalSeconds);
        else if (status == CircuitStatus.HalfOpen)
            LogHalfOpened(cluster);
        else
            LogClosed(cluster);
    }

    [LoggerMessage(LogLevel.Error, "Service {Cluster} failed too often and is not asked for {Seconds} s")]
    private partial void LogOpened(string cluster, double seconds);

    [LoggerMessage(LogLevel.Information, "Service {Cluster} is asked once, to see whether it works again")]
    private partial void LogHalfOpened(string cluster);

    [LoggerMessage(LogLevel.Information, "Service {Cluster} works again")]
    private partial void LogClosed(string cluster);
}
