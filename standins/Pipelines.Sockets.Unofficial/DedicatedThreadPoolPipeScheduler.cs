using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>Runs continuations on threads of its own; what does not fit into its short queue, and all after its end, goes to the thread pool.</summary>
public sealed class DedicatedThreadPoolPipeScheduler : PipeScheduler, IDisposable
{
    private readonly BlockingCollection<(Action<object?> Action, object? State)> _queue;
    private int _available;
    private long _servicedByQueue;
    private long _servicedByPool;

    public DedicatedThreadPoolPipeScheduler(
        string? name = null, int workerCount = 5, int useThreadPoolQueueLength = 10, ThreadPriority priority = ThreadPriority.Normal)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workerCount);
        _queue = new(boundedCapacity: useThreadPoolQueueLength);
        WorkerCount = workerCount;
        name = string.IsNullOrWhiteSpace(name) ? nameof(DedicatedThreadPoolPipeScheduler) : name.Trim();
        for (var worker = 0; worker < workerCount; worker++)
            new Thread(Work) { Name = $"{name}:{worker}", Priority = priority, IsBackground = true }.Start();
    }

    public int WorkerCount { get; }

    public int AvailableCount => Volatile.Read(ref _available);

    public long TotalServicedByQueue => Interlocked.Read(ref _servicedByQueue);

    public long TotalServicedByPool => Interlocked.Read(ref _servicedByPool);

    public override void Schedule(Action<object?> action, object? state)
    {
        if (TryEnqueue(action, state))
            return;
        Interlocked.Increment(ref _servicedByPool);
        ThreadPool.Schedule(action, state);
    }

    /// <summary>Lets the workers finish what is queued and go.</summary>
    public void Dispose() => _queue.CompleteAdding();

    private bool TryEnqueue(Action<object?> action, object? state)
    {
        try
        {
            return _queue.TryAdd((action, state));
        }
        catch (InvalidOperationException) // disposed by another thread
        {
            return false;
        }
    }

    private void Work()
    {
        Interlocked.Increment(ref _available);
        foreach (var (action, state) in _queue.GetConsumingEnumerable())
        {
            Interlocked.Decrement(ref _available);
            Interlocked.Increment(ref _servicedByQueue);
            try
            {
                action(state);
            }
            catch (Exception error)
            {
                // A continuation that fails has told its own awaiter; the worker serves the next one.
                System.Diagnostics.Debug.WriteLine(error);
            }
            Interlocked.Increment(ref _available);
        }
        Interlocked.Decrement(ref _available);
    }
}
