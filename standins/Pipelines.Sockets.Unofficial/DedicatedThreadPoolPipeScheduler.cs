using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>Runs continuations on threads of its own; what does not fit into its short queue, and all after its end, goes to the thread pool.</summary>
public sealed class DedicatedThreadPoolPipeScheduler : PipeScheduler, IDisposable
{
    private readonly Queue<(Action<object?> Action, object? State)> _queue = new(); // also the lock; a BlockingCollection takes two semaphores
    private readonly int _longestQueue;
    private bool _disposed;
    private int _available;
    private long _servicedByQueue;
    private long _servicedByPool;

    public DedicatedThreadPoolPipeScheduler(
        string? name = null, int workerCount = 5, int useThreadPoolQueueLength = 10, ThreadPriority priority = ThreadPriority.Normal)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workerCount);
        _longestQueue = useThreadPoolQueueLength;
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
        lock (_queue)
        {
            if (!_disposed && _queue.Count < _longestQueue)
            {
                _queue.Enqueue((action, state));
                if (_available > 0)
                    Monitor.Pulse(_queue);
                return;
            }
        }
        Interlocked.Increment(ref _servicedByPool);
        ThreadPool.Schedule(action, state);
    }

    /// <summary>Lets the workers finish what is queued and go.</summary>
    public void Dispose()
    {
        lock (_queue)
        {
            _disposed = true;
            Monitor.PulseAll(_queue);
        }
    }

    private void Work()
    {
        while (TryDequeue(out var work))
        {
            Interlocked.Increment(ref _servicedByQueue);
            try
            {
                work.Action(work.State);
            }
            catch (Exception error)
            {
                // A continuation that fails has told its own awaiter; the worker serves the next one.
                System.Diagnostics.Debug.WriteLine(error);
            }
        }
    }

    private bool TryDequeue(out (Action<object?> Action, object? State) work)
    {
        lock (_queue)
        {
            while (!_queue.TryDequeue(out work))
            {
                if (_disposed)
                    return false;
                _available++;
                Monitor.Wait(_queue);
                _available--;
            }
            return true;
        }
    }
}
