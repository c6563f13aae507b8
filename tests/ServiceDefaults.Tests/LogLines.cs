using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Shabou.ServiceDefaults.Tests;

/// <summary>Keeps what the console logger would write, by the formatter that the console logger would choose.</summary>
internal sealed class LogLines(IEnumerable<ConsoleFormatter> formatters, IOptions<ConsoleLoggerOptions> console) : ILoggerProvider, ISupportExternalScope
{
    private readonly ConsoleFormatter _formatter = formatters.Single(formatter => formatter.Name == console.Value.FormatterName);
    private readonly ConcurrentQueue<string> _entries = new();
    private IExternalScopeProvider? _scopes;

    public IReadOnlyList<string> All => [.. _entries];

    public string Text => string.Concat(_entries);

    /// <summary>Waits for an entry: the request's own line is written after the answer has left.</summary>
    public async Task<string> WaitForAsync(string part)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        while (true)
        {
            if (_entries.FirstOrDefault(entry => entry.Contains(part, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            await Task.Delay(10, patience.Token);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(LogLines lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => lines._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using var writer = new StringWriter();
            lines._formatter.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), lines._scopes, writer);
            lines._entries.Enqueue(writer.ToString());
        }
    }
}
