using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Shabou.Forecasting;

/// <summary>The arithmetic of <see cref="SeasonalIndices"/>, for any number of series side by side.</summary>
internal static class SeasonalLanes
{
    private const double OneSided95 = 1.6448536269514722;
    private const double SmallestIndex = 1e-4;
    private const int LagsAtOnce = 4; // independent sums, so that one addition need not wait for the one before

    /// <summary>A series as a column of single lanes.</summary>
    public static ReadOnlySpan<Lanes1> Scalar(ReadOnlySpan<double> series) => MemoryMarshal.Cast<double, Lanes1>(series);

    /// <summary>The number in a single lane.</summary>
    public static double Number(Lanes1 lane) => Unsafe.BitCast<Lanes1, double>(lane);

    /// <summary>Divides seasonal series by their indices; the indices of the others are 1.</summary>
    public static void Adjust<T>(Span<T> series, int season, Span<T> indices) where T : unmanaged, ILanes<T>
    {
        var one = T.Of(1);
        var seasonal = IsSeasonal<T>(series, season);
        if (!T.Any(seasonal))
        {
            indices.Fill(one);
            return;
        }

        seasonal &= TryDecompose<T>(series, season, indices);
        foreach (ref var index in indices) index = T.Select(seasonal, index, one);
        for (int t = 0, position = 0; t < series.Length; t++)
        {
            series[t] /= indices[position];
            if (++position == season) position = 0;
        }
    }

    /// <summary>A mask of the seasonal series (<see cref="SeasonalIndices.IsSeasonal"/>).</summary>
    public static T IsSeasonal<T>(ReadOnlySpan<T> series, int season) where T : unmanaged, ILanes<T>
    {
        var n = series.Length;
        if (season < 2 || n <= 2L * season) return default;
        var mean = default(T);
        foreach (var value in series) mean += value;
        mean /= T.Of(n);

        using var buffer = new Pooled<T>(n + season + LagsAtOnce); // zeros in front stand for the periods before the first
        var centred = buffer.Span;
        var offset = season + LagsAtOnce;
        centred[..offset].Clear();
        for (var t = 0; t < n; t++) centred[offset + t] = series[t] - mean;

        var variance = default(T);
        for (var t = 0; t < n; t++) variance += centred[offset + t] * centred[offset + t];
        var (sum, last) = Correlations<T>(centred, offset, season, variance);
        var limit = T.Of(OneSided95) * T.Sqrt((T.Of(1) + T.Of(2) * sum) / T.Of(n));
        return T.Less(T.Of(1e-14) * T.Of(n) * mean * mean, variance) & T.Less(limit, T.Abs(last));
    }

    /// <summary>Writes the indices of each series (<see cref="SeasonalIndices.TryDecompose"/>).</summary>
    /// <returns>A mask of the series whose indices can be divided by.</returns>
    public static T TryDecompose<T>(ReadOnlySpan<T> series, int season, Span<T> indices) where T : unmanaged, ILanes<T>
    {
        using var buffer = new Pooled<T>(season);
        var counts = buffer.Span;
        counts.Clear();
        indices.Clear();
        var half = season / 2;
        var (one, length) = (T.Of(1), T.Of(season));
        for (var t = half; t < series.Length - half; t++)
        {
            var ratio = series[t] / (CentredSum(series, t, season) / length);
            var known = T.LessOrEqual(ratio, T.Of(double.PositiveInfinity)); // not so for 0/0: a season without demand says nothing about the shape
            indices[t % season] += T.Select(known, ratio, default);
            counts[t % season] += T.Select(known, one, default);
        }

        var mean = default(T);
        for (var i = 0; i < season; i++)
        {
            indices[i] /= counts[i];
            mean += indices[i] / length;
        }

        var usable = T.LessOrEqual(default, default);
        for (var i = 0; i < season; i++)
        {
            indices[i] /= mean;
            usable = usable & T.LessOrEqual(T.Of(SmallestIndex), T.Abs(indices[i])) & T.Less(T.Abs(indices[i]), T.Of(double.PositiveInfinity));
        }

        return usable;
    }

    /// <summary>The sum of a season around t: of season + 1 periods, the first and the last by half, when the season is even.</summary>
    public static T CentredSum<T>(ReadOnlySpan<T> series, int t, int season) where T : unmanaged, ILanes<T>
    {
        var window = series.Slice(t - season / 2, season | 1);
        T even = default, odd = default;
        var i = 0;
        for (; i < window.Length - 1; i += 2)
        {
            even += window[i];
            odd += window[i + 1];
        }

        even += window[i]; // the window's length is odd
        var sum = even + odd;
        return season % 2 == 0 ? sum - (window[0] + window[^1]) * T.Of(0.5) : sum;
    }

    // The sum of r(lag)^2 below the season, and r(season).
    private static (T Sum, T Last) Correlations<T>(ReadOnlySpan<T> centred, int offset, int season, T variance) where T : unmanaged, ILanes<T>
    {
        T sum = default, last = default;
        for (var lag = 1; lag <= season; lag += LagsAtOnce)
        {
            T a = default, b = default, c = default, d = default;
            var now = centred[(offset + lag)..];
            var before = centred.Slice(offset - LagsAtOnce + 1, now.Length + LagsAtOnce - 1);
            for (var t = 0; t < now.Length; t++)
            {
                a += now[t] * before[t + 3];
                b += now[t] * before[t + 2];
                c += now[t] * before[t + 1];
                d += now[t] * before[t];
            }

            ReadOnlySpan<T> covariances = [a, b, c, d];
            for (var i = 0; i < LagsAtOnce && lag + i <= season; i++)
            {
                var r = covariances[i] / variance;
                if (lag + i == season) last = r;
                else sum += r * r;
            }
        }

        return (sum, last);
    }
}
