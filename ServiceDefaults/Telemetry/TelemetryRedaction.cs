using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Shabou.ServiceDefaults.Telemetry;

/// <summary>Takes secrets out of log records before they are exported, and adds the request id.</summary>
internal sealed class LogRecordRedaction(Redactor redactor) : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        var attributes = new List<KeyValuePair<string, object?>>();
        foreach (var (name, value) in data.Attributes ?? [])
        {
            attributes.Add(new(name, value is null or ValueType ? value : redactor.Redact(value.ToString() ?? "")));
        }

        if (RequestIds.Current is { } requestId)
        {
            attributes.Add(new("requestId", requestId));
        }

        // An exception's text cannot be changed, so it travels as attributes under the names the exporter would use.
        if (data.Exception is { } error)
        {
            attributes.Add(new("exception.type", error.GetType().FullName));
            attributes.Add(new("exception.message", redactor.Redact(error.Message)));
            attributes.Add(new("exception.stacktrace", redactor.Redact(error.ToString())));
            data.Exception = null;
        }

        data.Attributes = attributes;
        data.Body = data.Body is { } body ? redactor.Redact(body) : null;
        data.FormattedMessage = data.FormattedMessage is { } message ? redactor.Redact(message) : null;
    }
}

/// <summary>Takes secrets out of the text tags of spans before they are exported.</summary>
internal sealed class SpanRedaction(Redactor redactor) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        List<KeyValuePair<string, string>>? changes = null; // most spans have none, and every request has several spans
        foreach (ref readonly var tag in data.EnumerateTagObjects())
        {
            if (tag.Value is string text && redactor.Redact(text) is var redacted && !ReferenceEquals(redacted, text))
            {
                (changes ??= []).Add(new(tag.Key, redacted));
            }
        }

        foreach (var (name, text) in changes ?? [])
        {
            data.SetTag(name, text);
        }
    }
}
