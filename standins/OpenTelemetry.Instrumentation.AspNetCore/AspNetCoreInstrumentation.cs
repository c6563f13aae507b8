// Stands in for OpenTelemetry.Instrumentation.AspNetCore 1.15.2, for the part we use: which requests are traced, the server span's
// name and route, and the meters. ASP.NET Core writes the other attributes itself once the runtime option
// Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData is false. Delete this project when the feed has the package.

using Microsoft.AspNetCore.Http;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OpenTelemetry.Instrumentation.AspNetCore
{
    public class AspNetCoreTraceInstrumentationOptions
    {
        /// <summary>Says which requests are traced. All by default.</summary>
        public Func<HttpContext, bool>? Filter { get; set; }
    }
}

namespace OpenTelemetry.Trace
{
    public static class AspNetCoreInstrumentationTracerProviderBuilderExtensions
    {
        public static TracerProviderBuilder AddAspNetCoreInstrumentation(
            this TracerProviderBuilder builder, Action<AspNetCoreTraceInstrumentationOptions>? configureAspNetCoreTraceInstrumentationOptions = null)
        {
            ArgumentNullException.ThrowIfNull(builder);
            var options = new AspNetCoreTraceInstrumentationOptions();
            configureAspNetCoreTraceInstrumentationOptions?.Invoke(options);
            return builder.AddSource("Microsoft.AspNetCore").AddInstrumentation(() => new ServerSpans(options));
        }
    }
}

namespace OpenTelemetry.Metrics
{
    public static class AspNetCoreInstrumentationMeterProviderBuilderExtensions
    {
        public static MeterProviderBuilder AddAspNetCoreInstrumentation(this MeterProviderBuilder builder)
        {
            ArgumentNullException.ThrowIfNull(builder);
            return builder.AddMeter(
                "Microsoft.AspNetCore.Hosting",
                "Microsoft.AspNetCore.Server.Kestrel",
                "Microsoft.AspNetCore.Http.Connections",
                "Microsoft.AspNetCore.Routing",
                "Microsoft.AspNetCore.Diagnostics",
                "Microsoft.AspNetCore.RateLimiting");
        }
    }
}
