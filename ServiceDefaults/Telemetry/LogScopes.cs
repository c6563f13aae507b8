using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Shabou.ServiceDefaults.Telemetry;

/// <summary>What the scopes around a log event name, the innermost winning.</summary>
internal readonly record struct LogScopes(string? RequestId, IReadOnlyDictionary<string, object?> Others)
{
    // Trace ids have their own place; the connection and the path are in the request's own line.
    private static readonly HashSet<string> Known = ["RequestId", "RequestPath", "ConnectionId", "TraceId", "SpanId", "ParentId", "{OriginalFormat}"];

    /// <summary>An exception as a log has it. Of a refused configuration only what is wrong: where it was found says nothing.</summary>
    public static string TextOf(Exception error) => error is OptionsValidationException ? error.Message : error.ToString();

    public static LogScopes Read(IExternalScopeProvider? provider)
    {
        var values = new Dictionary<string, object?>();
        provider?.ForEachScope(static (scope, values) =>
        {
            if (scope is IEnumerable<KeyValuePair<string, object?>> pairs)
            {
                foreach (var (key, value) in pairs)
                {
                    values[key] = value;
                }
            }
        }, values);
        var requestId = values.GetValueOrDefault("RequestId")?.ToString();
        foreach (var key in Known)
        {
            values.Remove(key);
        }

        return new LogScopes(requestId, values);
    }
}
