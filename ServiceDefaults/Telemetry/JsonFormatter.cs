using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Shabou.ServiceDefaults.Telemetry;

/// <summary>Writes each event as one JSON object: timestamp, level, category, message, requestId, traceId, spanId, error, and under
/// <c>values</c> and <c>scopes</c> what the message and the scopes name.</summary>
internal sealed class JsonFormatter(Redactor redactor, TimeProvider? time = null) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "shabou-json";

    // Arabic and French stay readable; quotes and control characters are escaped all the same.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var scopes = LogScopes.Read(scopeProvider);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", (time ?? TimeProvider.System).GetUtcNow());
            json.WriteString("level", logEntry.LogLevel.ToString());
            json.WriteString("category", logEntry.Category);
            json.WriteNumber("event", logEntry.EventId.Id);
            json.WriteString("message", redactor.Redact(message));
            if (scopes.RequestId is { } requestId)
            {
                json.WriteString("requestId", requestId);
            }

            if (Activity.Current is { } activity)
            {
                json.WriteString("traceId", activity.TraceId.ToHexString());
                json.WriteString("spanId", activity.SpanId.ToHexString());
            }

            if (logEntry.Exception is { } error)
            {
                json.WriteString("error", redactor.Redact(LogScopes.TextOf(error)));
            }

            WriteValues(json, "values", logEntry.State as IEnumerable<KeyValuePair<string, object?>> ?? []);
            WriteValues(json, "scopes", scopes.Others);
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private void WriteValues(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, object?>> values)
    {
        var started = false;
        foreach (var (key, value) in values.Where(pair => pair.Key != "{OriginalFormat}"))
        {
            if (!started)
            {
                json.WriteStartObject(name);
                started = true;
            }

            json.WritePropertyName(key);
            WriteValue(json, value);
        }

        if (started)
        {
            json.WriteEndObject();
        }
    }

    private void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            default: json.WriteStringValue(redactor.Redact(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "")); break;
        }
    }
}
