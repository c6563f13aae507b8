using System.Diagnostics;

namespace Shabou.Gateway.Tests.Abuse;

/// <summary>How late this machine itself is while something is measured: by how much a timer misses its tick. On a quiet one a millisecond or two;
/// where others compute too, what a request waits for at each of its steps.</summary>
internal sealed class MachineLateness : IAsyncDisposable
{
    private const int Steps = 8; // client, gateway, Redis, gateway, service, gateway, client; and one for the attacker beside them
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<List<TimeSpan>> _measuring;

    internal MachineLateness() => _measuring = MeasureAsync(_stop.Token);

    /// <summary>What of a request's 99th percentile is the machine's doing.</summary>
    internal async Task<TimeSpan> StopAsync()
    {
        await _stop.CancelAsync();
        var late = (await _measuring).Order().ToList();
        return late.Count == 0 ? TimeSpan.Zero : Steps * late[(int)(late.Count * 0.99)];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private static async Task<List<TimeSpan>> MeasureAsync(CancellationToken stop)
    {
        var late = new List<TimeSpan>();
        using var tick = new PeriodicTimer(Period);
        try
        {
            for (var last = Stopwatch.GetTimestamp(); await tick.WaitForNextTickAsync(stop); last = Stopwatch.GetTimestamp())
                late.Add(TimeSpan.FromTicks(Math.Max(0, (Stopwatch.GetElapsedTime(last) - Period).Ticks)));
        }
        catch (OperationCanceledException)
        {
            // enough
        }
        return late;
    }
}
