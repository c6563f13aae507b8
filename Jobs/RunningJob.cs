namespace Shabou.Jobs;

/// <summary>A job that this process has claimed.</summary>
internal sealed class RunningJob(Guid id, Guid leaseToken, string queue, string kind, string payload, int attempt, int maxAttempts, string? subject, string? traceParent, TimeSpan waited, bool cancelRequested) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private int _settled;

    public Guid Id => id;
    public Guid LeaseToken => leaseToken;
    public string Queue => queue;
    public string Kind => kind;
    public string Payload => payload;
    public int Attempt => attempt;
    public int MaxAttempts => maxAttempts;
    public string? Subject => subject;
    public string? TraceParent => traceParent;

    /// <summary>From the time it could run until it was claimed.</summary>
    public TimeSpan Waited => waited;

    /// <summary>Somebody wants it stopped.</summary>
    public bool CancelRequested { get; private set; } = cancelRequested;

    /// <summary>Another worker may have it: nothing of it may be written any more.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Of the process's clock that only goes forward.</summary>
    public long ClaimedAt { get; } = TimeProvider.System.GetTimestamp();

    /// <summary>When its handler has to be through; null until it is started. Of the process's clock that only goes forward.</summary>
    public long? Deadline { get; set; }

    public CancellationToken Stopping => _stop.Token;

    /// <summary>True for the first caller only: he says how the attempt ended, the runner or whoever abandons it.</summary>
    public bool TrySettle() => Interlocked.Exchange(ref _settled, 1) == 0;

    public bool IsSettled => Volatile.Read(ref _settled) == 1;

    public void Cancel()
    {
        CancelRequested = true;
        Stop();
    }

    public void Lose()
    {
        IsLost = true;
        Stop();
    }

    public void Stop()
    {
        try
        {
            _stop.CancelAsync(); // not awaited: what the handler registered may take its time
        }
        catch (ObjectDisposedException)
        {
            // It ended this moment.
        }
    }

    public void Dispose() => _stop.Dispose();
}
