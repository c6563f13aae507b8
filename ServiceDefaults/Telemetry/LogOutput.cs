using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Shabou.ServiceDefaults.Telemetry;

/// <summary>One log line on the console for each event: readable in Development, JSON everywhere else, redacted in both.</summary>
internal static class LogOutput
{
    public static void AddLogOutput(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddConsole();
        builder.Logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        builder.Logging.AddConsoleFormatter<JsonFormatter, ConsoleFormatterOptions>();

        // Our request log says in one line what these say in four. Configuration can still raise them.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Warning);
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);

        // After configuration has been read: the host above us may have asked for the built-in "simple", which neither redacts nor
        // keeps to one line. In Development "json" may still be asked for.
        var development = builder.Environment.IsDevelopment();
        builder.Services.PostConfigure<ConsoleLoggerOptions>(console =>
            console.FormatterName = development && console.FormatterName != ConsoleFormatterNames.Json ? LineFormatter.FormatterName : JsonFormatter.FormatterName);
    }
}
