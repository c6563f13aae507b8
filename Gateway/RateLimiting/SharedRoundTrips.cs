namespace Shabou.Gateway.RateLimiting;

/// <summary>Counts that come while an answer is awaited go together with the next question: an idle gateway waits for nobody, and under
/// load one round trip, which costs more than the counting, serves many requests.</summary>
/// <param name="ask">One round trip, with an end of its own: nobody waits longer than two of them.</param>
internal sealed class SharedRoundTrips(Func<IReadOnlyList<Asked>, Task<Count[]>> ask)
{
    /// <summary>Counts in one round trip at most: Redis serves nobody else while it counts.</summary>
    internal const int Most = 200;

    private readonly Lock _lock = new();
    private List<Waiting> _next = [];
    private bool _isAsking;

    /// <exception cref="Exception">What the round trip failed with. Those that waited for their turn fail with it, as they would after it.</exception>
    internal Task<Count> CountAsync(Asked asked)
    {
        var waiting = new Waiting(asked);
        lock (_lock)
        {
            _next.Add(waiting);
            if (_isAsking)
                return waiting.Task;
            _isAsking = true;
        }
        _ = AskUntilNobodyWaitsAsync();
        return waiting.Task;
    }

    private async Task AskUntilNobodyWaitsAsync()
    {
        while (Take() is { } together)
            try
            {
                var counts = await ask(together.ConvertAll(waiting => waiting.Asked)).ConfigureAwait(false);
                for (var i = 0; i < counts.Length; i++)
                    together[i].SetResult(counts[i]);
            }
            catch (Exception error)
            {
                Fail(together, error);
            }
    }

    private List<Waiting>? Take()
    {
        lock (_lock)
        {
            if (_next.Count == 0)
            {
                _isAsking = false;
                return null;
            }
            var (taken, left) = _next.Count <= Most ? (_next, new List<Waiting>()) : (_next[..Most], _next[Most..]);
            _next = left;
            return taken;
        }
    }

    private void Fail(List<Waiting> together, Exception error)
    {
        lock (_lock)
        {
            together.AddRange(_next);
            _next = [];
        }
        foreach (var waiting in together)
            waiting.TrySetException(error);
    }

    private sealed class Waiting(Asked asked) : TaskCompletionSource<Count>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        internal Asked Asked => asked;
    }
}
