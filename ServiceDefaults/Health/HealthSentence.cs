using System.Text.RegularExpressions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.ServiceDefaults.Telemetry;

namespace Shabou.ServiceDefaults.Health;

/// <summary>What a check may tell outside the process. Checks of libraries tell addresses, versions and exceptions; a sentence that looks
/// like one of those is replaced, and the log has it.</summary>
internal static partial class HealthSentence
{
    public static string Of(HealthCheckResult result, Redactor redactor) =>
        result.Description is { Length: > 0 and <= 300 } description && description != result.Exception?.Message && redactor.Redact(description) == description
            && !LooksInside().IsMatch(description)
            ? description.EndsWith('.') ? description : description + "."
            : Plain(result.Status);

    /// <summary>Only what cannot carry text: numbers, times, spans and truth.</summary>
    public static Dictionary<string, object> FiguresOf(HealthCheckResult result) => result.Data
        .Where(figure => figure.Value is int or long or double or decimal or bool or TimeSpan or DateTimeOffset or DateOnly)
        .ToDictionary(figure => figure.Key, figure => figure.Value, StringComparer.Ordinal);

    private static string Plain(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "It works.",
        HealthStatus.Degraded => "It works in part; the log says more.",
        _ => "It does not work; the log says why.",
    };

    // An address, a version or an address of the network, a host with a port, a migration, a path, a type.
    [GeneratedRegex(@"://|@|\d+\.\d+\.\d+|\b[A-Za-z][\w.-]*:\d{2,5}\b|\b\d{14}_|(?:^|\s)/(?:etc|home|var|run|tmp|usr)/|Exception\b", RegexOptions.CultureInvariant)]
    private static partial Regex LooksInside();
}
