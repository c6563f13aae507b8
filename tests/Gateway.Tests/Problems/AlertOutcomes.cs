using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Problems;

/// <summary>What monitoring would count of one gateway's alerts.</summary>
internal sealed class AlertOutcomes : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _all = new();

    internal AlertOutcomes(GatewayHost gateway)
    {
        var meters = gateway.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "shabou.problems.alerts" && instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
                if (tag.Key == "outcome")
                    _all.Enqueue((string)tag.Value!);
        });
        _listener.Start();
    }

    internal IReadOnlyList<string> All => [.. _all];

    public void Dispose() => _listener.Dispose();
}
