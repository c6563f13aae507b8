using System.Collections.Concurrent;

namespace Shabou.Jobs;

/// <summary>Wakes the queues of this process when there may be work.</summary>
internal sealed class JobWake
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _signals = new();

    public void All()
    {
        foreach (var signal in _signals.Values) Raise(signal);
    }

    /// <summary>One of them; nothing happens when this process does not work on it.</summary>
    public void Queue(string queue)
    {
        if (_signals.TryGetValue(queue, out var signal)) Raise(signal);
    }

    /// <summary>Waits until it is woken, or was woken since the last wait, at most so long.</summary>
    public Task WaitAsync(string queue, TimeSpan atMost, CancellationToken cancellationToken) => SignalOf(queue).WaitAsync(atMost, cancellationToken);

    private SemaphoreSlim SignalOf(string queue) => _signals.GetOrAdd(queue, _ => new SemaphoreSlim(0, 1));

    private static void Raise(SemaphoreSlim signal)
    {
        try
        {
            if (signal.CurrentCount == 0) signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody raised it at the same time.
        }
    }
}
