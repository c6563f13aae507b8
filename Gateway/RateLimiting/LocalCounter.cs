using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Shabou.Gateway.RateLimiting;

/// <summary>Takes over while Redis is away: this gateway's part of each client's quota, counted in memory by the same algorithm.</summary>
/// <remarks>It also remembers what Redis said last about each client. So no client gets a new quota because Redis went away, and none
/// because it came back empty. Time is monotonic: setting the machine's clock opens no window.</remarks>
internal sealed class LocalCounter(IOptions<RateLimitOptions> options, TimeProvider time)
{
    /// <summary>Clients remembered at most; beyond them, those that are new share one count.</summary>
    internal const int MaxClients = 100_000;

    private const string Others = "others";

    private readonly ConcurrentDictionary<(string Policy, string Client), Cell> _cells = new();
    private readonly long _start = time.GetTimestamp();
    private int _clients;

    /// <summary>Time that has passed for this counter: what <see cref="Learn"/> is told.</summary>
    internal TimeSpan Now => time.GetElapsedTime(_start);

    internal Count Count(string policy, string client, Quota quota)
    {
        var part = quota.PartOf(options.Value.Replicas);
        var cell = CellOf(policy, client);
        while (true)
        {
            var now = Now;
            var before = Volatile.Read(ref cell.Full);
            var full = TimeSpan.FromTicks(Math.Clamp(before, now.Ticks, (now + part.Window).Ticks));
            var after = full + part.Interval;
            if (after - now > part.Window)
                return new Count(false, 0, full - now, after - now - part.Window);
            if (Interlocked.CompareExchange(ref cell.Full, after.Ticks, before) == before)
                return new Count(true, (int)((part.Window - (after - now)) / part.Interval), after - now, TimeSpan.Zero);
        }
    }

    /// <summary>Undoes one count.</summary>
    internal void GiveBack(string policy, string client, TimeSpan interval)
    {
        if (_cells.TryGetValue((policy, client), out var cell))
            Interlocked.Add(ref cell.Full, -interval.Ticks);
    }

    /// <summary>Until the client's whole quota is back, as far as this gateway knows; zero for one it has not seen.</summary>
    internal TimeSpan FullIn(string policy, string client) =>
        _cells.TryGetValue((policy, client), out var cell) ? TimeSpan.FromTicks(Math.Max(0, Volatile.Read(ref cell.Full) - Now.Ticks)) : TimeSpan.Zero;

    /// <summary>Remembers what Redis said.</summary>
    /// <param name="policy">The limit.</param>
    /// <param name="client">Whose count.</param>
    /// <param name="full">When its whole quota is back, by <see cref="Now"/>.</param>
    internal void Learn(string policy, string client, TimeSpan full)
    {
        var cell = CellOf(policy, client);
        var known = Volatile.Read(ref cell.Full);
        while (known < full.Ticks)
        {
            var seen = Interlocked.CompareExchange(ref cell.Full, full.Ticks, known);
            if (seen == known)
                return;
            known = seen;
        }
    }

    /// <summary>Forgets the clients that have their whole quota.</summary>
    internal void Sweep()
    {
        var now = Now.Ticks;
        foreach (var (client, cell) in _cells)
            if (Volatile.Read(ref cell.Full) <= now && _cells.TryRemove(client, out _) && client.Client != Others)
                Interlocked.Decrement(ref _clients);
    }

    private Cell CellOf(string policy, string client)
    {
        if (_cells.TryGetValue((policy, client), out var known))
            return known;
        var cell = new Cell();
        if (Volatile.Read(ref _clients) >= MaxClients)
            return _cells.GetOrAdd((policy, Others), cell);
        if (_cells.TryAdd((policy, client), cell))
            Interlocked.Increment(ref _clients);
        return _cells.GetValueOrDefault((policy, client)) ?? cell;
    }

    /// <summary>When the whole quota is back, in ticks of <see cref="Now"/>.</summary>
    private sealed class Cell
    {
        public long Full;
    }
}
