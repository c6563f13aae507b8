using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>Runs a kernel over histories: one alone, or many side by side in the vector lanes and over the cores, with the same bits.</summary>
/// <remarks>Series of one length share the lanes, so no lane waits for another; what is left of a length goes through the narrowest
/// lanes that hold it, idle lanes repeat the last series. The working set of a group is its rows: 64 bytes a period at 8 lanes.</remarks>
internal static class LaneBatch
{
    /// <summary>The widest lanes that this processor runs at full speed.</summary>
    public static int BestWidth => Vector512.IsHardwareAccelerated ? 8 : Vector256.IsHardwareAccelerated ? 4 : 1;

    /// <summary>Forecasts one history.</summary>
    /// <param name="deviation">Receives the standard deviation of each step's error, or is empty.</param>
    /// <exception cref="ArgumentException">No period is observed.</exception>
    public static void One<TKernel>(TKernel kernel, ReadOnlySpan<double> history, int season, Span<double> mean, Span<double> deviation)
        where TKernel : ILaneKernel
    {
        using var row = new Pooled<double>(history.Length);
        var power = LaneRow.Prepare(history, row.Span);
        kernel.Forecast(AsLanes<Lanes1>(row.Span), season, AsLanes<Lanes1>(mean), AsLanes<Lanes1>(deviation));
        if (power == 0) return;
        foreach (ref var value in mean) value = LaneRow.Restore(value, power);
        foreach (ref var value in deviation) value = LaneRow.Restore(value, power);
    }

    /// <summary>Forecasts many histories, as <see cref="IBatchMethod.ForecastAll"/> says.</summary>
    /// <param name="width">1, 4 or 8: changes the time only.</param>
    public static void All<TKernel>(TKernel kernel, LaneJob job, int width, int threads, CancellationToken cancellationToken) where TKernel : ILaneKernel
    {
        job.Check();
        var groups = LaneGroup.Of(job.Histories, width);
        ParallelSeries.For(groups.Length, threads, i =>
        {
            switch (groups[i].Width)
            {
                case 8: Run<TKernel, Lanes8>(kernel, job, groups[i].Members); break;
                case 4: Run<TKernel, Lanes4>(kernel, job, groups[i].Members); break;
                default: Run<TKernel, Lanes1>(kernel, job, groups[i].Members); break;
            }
        }, cancellationToken);
    }

    private static void Run<TKernel, T>(TKernel kernel, LaneJob job, ReadOnlyMemory<int> members)
        where TKernel : ILaneKernel where T : unmanaged, ILanes<T>
    {
        var first = members.Span;
        var (n, horizon) = (job.Histories[first[0]].Length, job.Horizon);
        using var series = new Pooled<T>(n);
        using var mean = new Pooled<T>(horizon);
        using var deviation = new Pooled<T>(job.Deviations.Length == 0 ? 0 : horizon);
        Span<int> powers = stackalloc int[T.Width];
        Gather(job, first, series.Span, powers);
        kernel.Forecast(series.Span, job.Season, mean.Span, deviation.Span);
        Scatter<T>(mean.Span, first, powers, job.Means, horizon);
        if (job.Deviations.Length > 0) Scatter<T>(deviation.Span, first, powers, job.Deviations, horizon);
    }

    private static void Gather<T>(LaneJob job, ReadOnlySpan<int> members, Span<T> series, Span<int> powers) where T : unmanaged, ILanes<T>
    {
        using var scratch = new Pooled<double>(series.Length);
        var row = scratch.Span;
        var numbers = MemoryMarshal.Cast<T, double>(series);
        for (var lane = 0; lane < T.Width; lane++)
        {
            if (lane < members.Length) powers[lane] = LaneRow.Prepare(job.Histories[members[lane]].Span, row); // else the row of the last one again
            for (int t = 0, at = lane; t < row.Length; t++, at += T.Width) numbers[at] = row[t];
        }
    }

    private static void Scatter<T>(Span<T> rows, ReadOnlySpan<int> members, ReadOnlySpan<int> powers, double[] target, int horizon)
        where T : unmanaged, ILanes<T>
    {
        var numbers = MemoryMarshal.Cast<T, double>(rows);
        for (var lane = 0; lane < members.Length; lane++)
        {
            var start = members[lane] * horizon;
            for (var step = 0; step < horizon; step++) target[start + step] = LaneRow.Restore(numbers[step * T.Width + lane], powers[lane]);
        }
    }

    private static Span<T> AsLanes<T>(Span<double> values) where T : unmanaged, ILanes<T> => MemoryMarshal.Cast<double, T>(values);
}
