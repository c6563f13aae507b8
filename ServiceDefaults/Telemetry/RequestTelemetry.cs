using System.Diagnostics.Metrics;

namespace Shabou.ServiceDefaults.Telemetry;

/// <summary>What is measured of every request beside ASP.NET Core's own figures.</summary>
internal static class RequestTelemetry
{
    private static readonly Meter s_meter = new("Shabou.Requests");

    /// <summary>More than a few per request is the N+1 disease.</summary>
    public static readonly Histogram<int> SqlCommands = s_meter.CreateHistogram(
        "shabou.request.sql_commands", "{command}", "SQL commands that a request ran.", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [0, 1, 2, 3, 5, 10, 50] });
}
