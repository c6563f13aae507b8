using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Shabou.CatalogApi.Tests;

/// <summary>The SQL statements of each request with one request id, as the service's own metric has them.</summary>
internal sealed class StatementCounts : IDisposable
{
    private readonly MeterListener _listener = new();

    public StatementCounts(string requestId)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "shabou.request.sql_commands") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((_, measured, _, _) =>
        {
            if (Activity.Current?.GetTagItem("shabou.request_id") as string != requestId) return; // other tests run too
            lock (Seen) Seen.Add(measured);
        });
        _listener.Start();
    }

    public List<int> Seen { get; } = [];

    public void Dispose() => _listener.Dispose();
}
