using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Health;

/// <summary>What monitoring would read of one gateway's checks.</summary>
internal sealed class HealthGauge : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, int> _read = new(StringComparer.Ordinal);

    internal HealthGauge(GatewayHost gateway)
    {
        var meters = gateway.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "shabou.health.status" && instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((_, value, tags, _) => _read[(string)tags[0].Value!] = value);
        _listener.Start();
    }

    internal IReadOnlyDictionary<string, int> Read()
    {
        _listener.RecordObservableInstruments();
        return _read;
    }

    public void Dispose() => _listener.Dispose();
}
