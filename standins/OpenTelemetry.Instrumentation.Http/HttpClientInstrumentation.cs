// Stands in for OpenTelemetry.Instrumentation.Http 1.15.1: since .NET 9 HttpClient makes its spans and measurements itself.
// Left out: options. Delete this project when the feed has the package.

namespace OpenTelemetry.Trace
{
    public static class HttpClientInstrumentationTracerProviderBuilderExtensions
    {
        public static TracerProviderBuilder AddHttpClientInstrumentation(this TracerProviderBuilder builder)
        {
            ArgumentNullException.ThrowIfNull(builder);
            return builder.AddSource("System.Net.Http");
        }
    }
}

namespace OpenTelemetry.Metrics
{
    public static class HttpClientInstrumentationMeterProviderBuilderExtensions
    {
        public static MeterProviderBuilder AddHttpClientInstrumentation(this MeterProviderBuilder builder)
        {
            ArgumentNullException.ThrowIfNull(builder);
            return builder.AddMeter("System.Net.Http", "System.Net.NameResolution");
        }
    }
}
