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

    /// <summary>Waits until <see cref="All"/> is called, or was since the last wait, at most so long.</summary>
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
