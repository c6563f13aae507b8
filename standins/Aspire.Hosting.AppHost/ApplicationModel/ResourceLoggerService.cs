using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>The console output of every replica: the last 500 lines, and a stream of new ones.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds the replicas of a resource name; set by the host once it has named them.</summary>
    internal Func<string, IReadOnlyList<string>> ReplicasOf { get; set; } = name => [name];

    public ILogger GetLogger(IResource resource) => GetLogger(ReplicasOf(resource.Name)[0]);

    public ILogger GetLogger(string resourceName) => LogOf(resourceName);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    /// <summary>The lines kept, then each new one, until the enumeration is cancelled or the resource is completed.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName)
    {
        var replicas = ReplicasOf(resourceName);
        var channel = Channel.CreateUnbounded<IReadOnlyList<LogLine>>();
        return Watch();

        async IAsyncEnumerable<IReadOnlyList<LogLine>> Watch(
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (var replica in replicas)
                LogOf(replica).Add(channel);
            try
            {
                await foreach (var lines in channel.Reader.ReadAllAsync(cancellationToken))
                    yield return lines;
            }
            finally
            {
                foreach (var replica in replicas)
                    LogOf(replica).Remove(channel);
            }
        }
    }

    /// <summary>The lines kept now.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        await Task.CompletedTask;
        foreach (var replica in ReplicasOf(resourceName))
            yield return LogOf(replica).Lines;
    }

    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => GetAllAsync(resource.Name);

    public void Complete(IResource resource) => Complete(resource.Name);

    public void Complete(string name)
    {
        foreach (var replica in ReplicasOf(name))
            LogOf(replica).Complete();
    }

    internal void Write(string resourceId, string content, bool isError) => LogOf(resourceId).Write(content, isError);

    internal IReadOnlyList<LogLine> LinesOf(string resourceId) => LogOf(resourceId).Lines;

    public void Dispose()
    {
        foreach (var log in _logs.Values)
            log.Complete();
        GC.SuppressFinalize(this);
    }

    private ResourceLog LogOf(string id) => _logs.GetOrAdd(id, _ => new());

    private sealed class ResourceLog : ILogger
    {
        private const int Kept = 500;
        private readonly Lock _gate = new();
        private readonly Queue<LogLine> _lines = new();
        private readonly List<Channel<IReadOnlyList<LogLine>>> _watchers = [];
        private int _count;

        public IReadOnlyList<LogLine> Lines
        {
            get
            {
                lock (_gate)
                    return [.. _lines];
            }
        }

        public void Write(string content, bool isError)
        {
            lock (_gate)
            {
                var line = new LogLine(++_count, content, isError);
                _lines.Enqueue(line);
                if (_lines.Count > Kept)
                    _lines.Dequeue();
                foreach (var watcher in _watchers)
                    watcher.Writer.TryWrite([line]);
            }
        }

        public void Add(Channel<IReadOnlyList<LogLine>> watcher)
        {
            lock (_gate)
            {
                if (_lines.Count > 0)
                    watcher.Writer.TryWrite([.. _lines]);
                _watchers.Add(watcher);
            }
        }

        public void Remove(Channel<IReadOnlyList<LogLine>> watcher)
        {
            lock (_gate)
                _watchers.Remove(watcher);
        }

        public void Complete()
        {
            lock (_gate)
            {
                foreach (var watcher in _watchers)
                    watcher.Writer.TryComplete();
            }
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Write(exception is null ? formatter(state, null) : $"{formatter(state, exception)} {exception.Message}", logLevel >= LogLevel.Error);
    }
}
