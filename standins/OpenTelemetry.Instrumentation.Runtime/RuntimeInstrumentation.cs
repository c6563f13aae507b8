// Stands in for OpenTelemetry.Instrumentation.Runtime 1.15.1: since .NET 9 the runtime measures itself.
// Left out: options. Delete this project when the feed has the package.

namespace OpenTelemetry.Metrics;

public static class MeterProviderBuilderExtensions
{
    public static MeterProviderBuilder AddRuntimeInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter("System.Runtime");
    }
}
