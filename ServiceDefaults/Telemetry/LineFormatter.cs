using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Shabou.ServiceDefaults.Telemetry;

/// <summary>Writes each event as one readable line: time, level, category, message, what scopes name, request id, trace id. An exception follows, indented.</summary>
internal sealed class LineFormatter(Redactor redactor, TimeProvider? time = null) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "shabou-lines";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var now = (time ?? TimeProvider.System).GetLocalNow();
        textWriter.Write(now.ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        textWriter.Write(NameOf(logEntry.LogLevel));
        textWriter.Write(' ');
        textWriter.Write(logEntry.Category);
        textWriter.Write(": ");
        textWriter.Write(OnOneLine(redactor.Redact(logEntry.Formatter(logEntry.State, logEntry.Exception))));
        var scopes = LogScopes.Read(scopeProvider);
        foreach (var (name, value) in scopes.Others)
        {
            textWriter.Write(OnOneLine(redactor.Redact(string.Create(CultureInfo.InvariantCulture, $" {name}={value}"))));
        }

        if (scopes.RequestId is { } requestId)
        {
            textWriter.Write(" requestId=");
            textWriter.Write(requestId);
        }

        if (Activity.Current is { } activity)
        {
            textWriter.Write(" traceId=");
            textWriter.Write(activity.TraceId.ToHexString());
        }

        textWriter.WriteLine();
        if (logEntry.Exception is { } error)
        {
            foreach (var line in redactor.Redact(LogScopes.TextOf(error)).AsSpan().EnumerateLines())
            {
                textWriter.Write("    ");
                textWriter.WriteLine(line);
            }
        }
    }

    // A line break inside a message would let a caller write log lines of its own.
    private static string OnOneLine(string message) => message.AsSpan().IndexOfAny('\r', '\n') < 0
        ? message
        : message.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
