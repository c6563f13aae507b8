using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Shabou.Migrator;

/// <summary>The metric <c>shabou.migration.duration</c>: how long the run took, by result. Its process is short-lived, so it leaves when the host is disposed.</summary>
internal sealed class MigrationMeter
{
    private readonly Histogram<double> _duration;

    public MigrationMeter(IMeterFactory meters, IServiceProvider services)
    {
        services.GetService<MeterProvider>(); // made by the host's start, which this program does without
        _duration = meters.Create("Shabou.Migrator").CreateHistogram<double>("shabou.migration.duration", "s", "Of a run of the migrator, by result: done, failed.");
    }

    /// <param name="migrate">Returns the exit code.</param>
    public async Task<int> MeasureAsync(Func<Task<int>> migrate)
    {
        var started = Stopwatch.GetTimestamp();
        var exitCode = 1;
        try
        {
            return exitCode = await migrate();
        }
        finally
        {
            _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("result", exitCode == 0 ? "done" : "failed"));
        }
    }
}
