using System.Collections;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.LocalHost;

/// <summary>The variables every project gets before those that the model adds.</summary>
internal static class ProjectEnvironment
{
    // What the AppHost itself runs with says nothing about its services.
    private static readonly string[] s_notInherited = ["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE"];

    public static void Add(EnvironmentCallbackContext context, IConfiguration configuration, IHostEnvironment environment, LaunchProfileChoice profile)
    {
        var variables = context.EnvironmentVariables;
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["OTEL_SERVICE_NAME"] = context.Resource.Name;
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        if (environment.IsDevelopment())
        {
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        }

        // There is no collector here as the dashboard is one, so only what the user set for this process is passed on.
        foreach (var name in new[] { "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_HEADERS" })
        {
            if (configuration[name] is { Length: > 0 } value)
                variables[name] = value;
        }

        if (profile.Profile is null)
            return;
        variables.TryAdd("DOTNET_LAUNCH_PROFILE", profile.Name!);
        foreach (var (name, value) in profile.Profile.EnvironmentVariables)
            variables.TryAdd(name, value);
    }

    /// <summary>The environment of this process, less what belongs to it alone.</summary>
    public static Dictionary<string, string> Inherited()
    {
        var inherited = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);
        foreach (var name in s_notInherited)
            inherited.Remove(name);
        return inherited;
    }
}
