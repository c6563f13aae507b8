using System.Collections.Concurrent;

namespace Shabou.ServiceDefaults.Outages;

/// <summary>The requests that are not answered yet, and the threads that end them.</summary>
/// <remarks>To end a command whose server hangs takes the driver as long as it may take to connect, on the thread that ends it: it tries to tell the server.
/// The threads of the pool have callers to serve, so others do it.</remarks>
internal sealed class RequestsUnderWay(TimeProvider time)
{
    /// <summary>More than a pool has connections: only a request that holds one takes time to end.</summary>
    private const int MostThreads = 32;

    private readonly ConcurrentDictionary<RequestUnderWay, bool> _requests = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentQueue<RequestUnderWay> _ending = new();
    private int _threads;

    /// <summary>Whether a request whose caller has left ends on a thread beside the pool too.</summary>
    public volatile bool EndAside;

    /// <param name="mayEnd">Whether <see cref="EndOlderThan"/> is for it too.</param>
    /// <param name="aborted">That its caller has left.</param>
    public RequestUnderWay Enter(bool mayEnd, CancellationToken aborted)
    {
        var request = new RequestUnderWay(this, mayEnd, time.GetTimestamp(), aborted);
        _requests[request] = true;
        return request;
    }

    public void Leave(RequestUnderWay request) => _requests.TryRemove(request, out _);

    public bool IsAnyOlderThan(TimeSpan age)
    {
        foreach (var (request, _) in _requests)
            if (time.GetElapsedTime(request.Since) > age) return true;
        return false;
    }

    /// <summary>Ends each that has been under way for longer. Returns at once.</summary>
    public void EndOlderThan(TimeSpan age)
    {
        foreach (var (request, _) in _requests)
            if (request.MayEnd && time.GetElapsedTime(request.Since) > age && request.TryClaim()) _ending.Enqueue(request);
        StartThreads();
    }

    public void End(RequestUnderWay request)
    {
        _ending.Enqueue(request);
        StartThreads();
    }

    // One that comes when all threads are busy is seen by them, or by the next look.
    private void StartThreads()
    {
        for (var wanted = _ending.Count; wanted > 0; wanted--)
        {
            if (Interlocked.Increment(ref _threads) > MostThreads)
            {
                Interlocked.Decrement(ref _threads);
                return;
            }
            new Thread(EndAll) { IsBackground = true, Name = "ends requests" }.UnsafeStart();
        }
    }

    private void EndAll()
    {
        while (_ending.TryDequeue(out var request)) request.End();
        Interlocked.Decrement(ref _threads);
    }
}
