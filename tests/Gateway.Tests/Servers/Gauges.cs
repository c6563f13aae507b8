using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>What a gauge of one gateway says now.</summary>
internal static class Gauges
{
    /// <param name="gateway">Whose.</param>
    /// <param name="name">Of the instrument.</param>
    /// <param name="tag">Value of a tag that the measurement must have, or null for any.</param>
    /// <returns>Null when nothing was measured.</returns>
    internal static int? Gauge(this GatewayHost gateway, string name, string? tag = null)
    {
        int? measured = null;
        var meters = gateway.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == name && instrument.Meter.Scope == meters)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            var fits = tag is null;
            foreach (var one in tags)
                fits |= Equals(one.Value, tag);
            if (fits)
                measured = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}
