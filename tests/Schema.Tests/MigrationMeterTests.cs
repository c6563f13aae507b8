using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Migrator;

namespace Shabou.Schema.Tests;

public sealed class MigrationMeterTests
{
    [Theory]
    [InlineData(0, "done")]
    [InlineData(1, "failed")]
    public async Task A_run_is_measured_with_its_result(int exitCode, string result)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        string? measured = null;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "shabou.migration.duration" && instrument.Meter.Scope == meters) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => measured = seconds >= 0 ? tags[0].Value as string : null);
        listener.Start();
        Assert.Equal(exitCode, await new MigrationMeter(meters, services).MeasureAsync(() => Task.FromResult(exitCode)));
        Assert.Equal(result, measured);
    }
}
