using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Shabou.ServiceDefaults.Health;

namespace Shabou.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs of everything a request passes through. They leave the process only when an OTLP endpoint is
/// configured (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>).</summary>
internal static class Telemetry
{
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Redactor>();
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing
                .AddSource("Shabou.*", "Npgsql") // YARP's own span would say what the server's and the client's beside it say
                .AddAspNetCoreInstrumentation(options => options.Filter = http => !HealthEndpoints.IsHealthPath(http.Request.Path))
                .AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics
                .AddMeter("Shabou.*", "Npgsql", "Microsoft.EntityFrameworkCore")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation());

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            // The redactors are processors, so they come before the exporter, which UseOtlpExporter puts last.
            telemetry.WithTracing(tracing => tracing.AddProcessor(services => new SpanRedaction(services.GetRequiredService<Redactor>())));
            telemetry.WithLogging(
                logging => logging.AddProcessor(services => new LogRecordRedaction(services.GetRequiredService<Redactor>())),
                options => options.IncludeFormattedMessage = true);
            telemetry.UseOtlpExporter();
        }
    }
}
