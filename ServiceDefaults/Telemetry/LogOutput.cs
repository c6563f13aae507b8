using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Shabou.ServiceDefaults.Telemetry;

/// <summary>One log line on the console for each event: readable in Development, JSON everywhere else, redacted in both.</summary>
internal static class LogOutput
{
    private static readonly string[] Quiet =
        ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore.Database.Command", "Polly", "System.Net.Http.HttpClient", "Yarp"];

    public static void AddLogOutput(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddConsole();
        builder.Logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        builder.Logging.AddConsoleFormatter<JsonFormatter, ConsoleFormatterOptions>();

        // Our request log says in one line what these say in four. First in the list, so that configuration can still raise them.
        builder.Services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            foreach (var category in Quiet)
            {
                filters.Rules.Insert(0, new LoggerFilterRule(providerName: null, category, LogLevel.Warning, filter: null));
            }
        });

        // After configuration has been read: the host above us may have asked for the built-in "simple", which neither redacts nor
        // keeps to one line. In Development "json" may still be asked for.
        var development = builder.Environment.IsDevelopment();
        builder.Services.PostConfigure<ConsoleLoggerOptions>(console =>
            console.FormatterName = development && console.FormatterName != ConsoleFormatterNames.Json ? LineFormatter.FormatterName : JsonFormatter.FormatterName);
    }
}
