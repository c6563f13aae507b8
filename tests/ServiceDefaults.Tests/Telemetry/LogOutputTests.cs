using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Shabou.ServiceDefaults.Tests.Telemetry;

public sealed class LogOutputTests
{
    internal static JsonElement Json(string line) => JsonDocument.Parse(line).RootElement;

    [Fact]
    public async Task Outside_Development_each_event_is_one_JSON_object_on_one_line()
    {
        await using var app = await TestApp.StartAsync(_ => { });
        var logger = app.Services.GetRequiredService<ILogger<LogOutputTests>>();
        using (logger.BeginScope(new Dictionary<string, object?> { ["Job"] = 42, ["RequestId"] = "r-1" }))
        {
            logger.LogError(new InvalidOperationException("line one\nline two"), "Pièce {Sku} «فرامل»\nwas {Count} \"quoted\"", "A-1", 3);
        }

        var entry = app.Log.All.Single(line => line.Contains("A-1", StringComparison.Ordinal));
        Assert.Equal(1, entry.Count(character => character == '\n'));
        Assert.EndsWith("\n", entry, StringComparison.Ordinal);
        var json = Json(entry);
        Assert.Equal("Error", json.GetProperty("level").GetString());
        Assert.Equal(typeof(LogOutputTests).FullName, json.GetProperty("category").GetString());
        Assert.Equal("Pièce A-1 «فرامل»\nwas 3 \"quoted\"", json.GetProperty("message").GetString());
        Assert.Contains("فرامل", entry, StringComparison.Ordinal); // readable, not escaped
        Assert.Equal("r-1", json.GetProperty("requestId").GetString());
        Assert.Equal(3, json.GetProperty("values").GetProperty("Count").GetInt32());
        Assert.Equal(42, json.GetProperty("scopes").GetProperty("Job").GetInt32());
        Assert.Contains("line two", json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.True(DateTimeOffset.UtcNow - json.GetProperty("timestamp").GetDateTimeOffset() < TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task In_Development_a_message_cannot_start_a_line_of_its_own()
    {
        await using var app = await TestApp.StartAsync(_ => { }, environment: "Development");
        var logger = app.Services.GetRequiredService<ILogger<LogOutputTests>>();
        using (logger.BeginScope(new Dictionary<string, object?> { ["Job"] = "7\n8" }))
        {
            logger.LogInformation("{Name}", "a\r\n00:00:00.000 info Forged: line");
        }

        var entry = app.Log.All.Single(line => line.Contains("Forged", StringComparison.Ordinal));
        Assert.Equal(1, entry.Count(character => character == '\n'));
        Assert.Contains(" Job=7\\n8", entry, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("Information", true)]
    public void What_the_request_line_says_already_is_quiet_unless_asked_for(string? asked, bool enabled)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration["Logging:LogLevel:Default"] = "Information";
        builder.Configuration["Logging:LogLevel:Microsoft.AspNetCore"] = asked;
        builder.AddServiceDefaults();
        using var host = builder.Build();
        var loggers = host.Services.GetRequiredService<ILoggerFactory>();
        Assert.Equal(enabled, loggers.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").IsEnabled(LogLevel.Information));
        Assert.True(loggers.CreateLogger("Shabou.CatalogApi").IsEnabled(LogLevel.Information));
    }

    [Theory]
    [InlineData("Production", null, "shabou-json")]
    [InlineData("Production", "simple", "shabou-json")]
    [InlineData("Development", "simple", "shabou-lines")]
    [InlineData("Development", "json", "shabou-json")]
    public void The_host_above_cannot_choose_an_output_that_does_not_redact(string environment, string? asked, string expected)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration["Logging:Console:FormatterName"] = asked;
        builder.AddServiceDefaults();
        using var host = builder.Build();
        Assert.Equal(expected, host.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName);
        Assert.Contains(host.Services.GetServices<ConsoleFormatter>(), formatter => formatter.Name == expected);
    }
}
