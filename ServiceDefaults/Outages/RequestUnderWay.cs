namespace Shabou.ServiceDefaults.Outages;

/// <summary>One request, which ends when its caller leaves, or when it waits for a database that hangs.</summary>
internal sealed class RequestUnderWay : IAsyncDisposable
{
    private readonly RequestsUnderWay _all;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenRegistration _left;
    private int _claimed;

    public RequestUnderWay(RequestsUnderWay all, bool mayEnd, long since, CancellationToken aborted)
    {
        (_all, MayEnd, Since) = (all, mayEnd, since);
        _left = aborted.UnsafeRegister(static request => ((RequestUnderWay)request!).Leave(), this);
    }

    /// <summary>Timestamp of its beginning.</summary>
    public long Since { get; }

    public bool MayEnd { get; private set; }

    /// <summary>Whether it was ended although its caller waits.</summary>
    public bool WasEnded { get; private set; }

    public CancellationToken Token => _end.Token;

    /// <summary>True for the first who wants to end it.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0 && (WasEnded = true);

    /// <summary>Its answer has begun: from now on only its caller ends it.</summary>
    public void Answers() => MayEnd = false;

    /// <summary>May take some seconds.</summary>
    public void End()
    {
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // answered meanwhile
        }
    }

    public async ValueTask DisposeAsync()
    {
        _all.Leave(this);
        await _left.DisposeAsync();
        _end.Dispose();
    }

    private void Leave()
    {
        if (Interlocked.Exchange(ref _claimed, 1) != 0) return;
        if (_all.EndAside) _all.End(this);
        else End();
    }
}
