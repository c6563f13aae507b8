using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>Evaluates many sets of smoothing parameters with the same first states at once, one lane per set: the recursions of
/// <see cref="EtsRecursion"/> without anything kept.</summary>
internal static class EtsScreen
{
    /// <summary>Sets come in multiples of this.</summary>
    public const int Width = 16;

    /// <summary>Writes the deviance of every set; infinity or NaN where it breaks down.</summary>
    /// <param name="sets">alpha, beta, gamma, phi of all sets one after the other: 4 times <paramref name="count"/> numbers.</param>
    /// <param name="count">A multiple of <see cref="Width"/>.</param>
    public static void Run(ReadOnlySpan<double> series, in EtsLayout layout, ReadOnlySpan<double> point, ReadOnlySpan<double> sets, int count, Span<double> deviances)
    {
        if (Vector512.IsHardwareAccelerated) Run<SixteenLanes>(series, layout, point, sets, count, deviances);
        else if (Vector256.IsHardwareAccelerated) Run<FourLanes>(series, layout, point, sets, count, deviances);
        else Run<OneLane>(series, layout, point, sets, count, deviances);
    }

    /// <inheritdoc cref="Run"/>
    public static void Run<T>(ReadOnlySpan<double> series, in EtsLayout layout, ReadOnlySpan<double> point, ReadOnlySpan<double> sets, int count, Span<double> deviances)
        where T : struct, IEtsLanes<T>
    {
        Span<double> indices = stackalloc double[EtsModel.LongestSeason * Width];
        Span<double> products = stackalloc double[Width];
        Span<double> squares = stackalloc double[Width];
        ref var parameters = ref MemoryMarshal.GetReference(sets);
        var slope = layout.Slope < 0 ? 0 : point[layout.Slope];
        for (var from = 0; from < count; from += T.Width)
        {
            for (var position = 0; position < layout.Season; position++)
                indices.Slice(position * T.Width, T.Width).Fill(position == 0 ? layout.FirstIndex(point) : point[layout.Indices + position - 1]);
            var lanes = (T.Load(ref parameters, from), T.Load(ref parameters, count + from), T.Load(ref parameters, 2 * count + from), T.Load(ref parameters, 3 * count + from));
            var logs = deviances.Slice(from, T.Width);
            logs.Clear();
            if (layout.Model.Season == EtsSeason.Multiplicative)
                Factors(series, lanes, point[layout.Level], slope, indices[..(layout.Season * T.Width)], products, squares, logs);
            else if (layout.Model.Error == EtsError.Multiplicative)
                RelativeSums(series, lanes, point[layout.Level], slope, indices[..(layout.Season * T.Width)], products, squares, logs);
            else
                Sums(series, lanes, point[layout.Level], slope, indices[..(layout.Season * T.Width)], squares);
            for (var i = 0; i < T.Width; i++)
                logs[i] = series.Length * Math.Log(Math.Max(squares[i], EtsRecursion.PerfectSquare * series.Length)) + 2 * logs[i];
        }
    }

    private static void Sums<T>(ReadOnlySpan<double> series, (T Alpha, T Beta, T Gamma, T Phi) parameters, double firstLevel, double firstSlope,
        Span<double> indices, Span<double> squares) where T : struct, IEtsLanes<T>
    {
        var (alpha, beta, gamma, phi) = parameters;
        var (level, slope, sum) = (T.Of(firstLevel), T.Of(firstSlope), T.Of(0));
        ref var index0 = ref MemoryMarshal.GetReference(indices);
        var at = 0;
        foreach (var value in series)
        {
            var left = T.Multiply(phi, slope);
            var before = T.Add(level, left);
            var index = T.Load(ref index0, at);
            var error = T.Subtract(T.Subtract(T.Of(value), index), before);
            level = T.MultiplyAdd(alpha, error, before);
            slope = T.MultiplyAdd(beta, error, left);
            T.Store(T.MultiplyAdd(gamma, error, index), ref index0, at);
            sum = T.MultiplyAdd(error, error, sum);
            if ((at += T.Width) == indices.Length) at = 0;
        }

        T.Store(sum, ref MemoryMarshal.GetReference(squares), 0);
    }

    private static void RelativeSums<T>(ReadOnlySpan<double> series, (T Alpha, T Beta, T Gamma, T Phi) parameters, double firstLevel, double firstSlope,
        Span<double> indices, Span<double> products, Span<double> squares, Span<double> logs) where T : struct, IEtsLanes<T>
    {
        var (alpha, beta, gamma, phi) = parameters;
        var (level, slope, sum, product) = (T.Of(firstLevel), T.Of(firstSlope), T.Of(0), T.Of(1));
        ref var index0 = ref MemoryMarshal.GetReference(indices);
        var at = 0;
        for (var t = 0; t < series.Length; t++)
        {
            var left = T.Multiply(phi, slope);
            var before = T.Add(level, left);
            var index = T.Load(ref index0, at);
            var error = T.Subtract(T.Subtract(T.Of(series[t]), index), before);
            var forecast = T.Add(before, index);
            var relative = T.Divide(error, forecast);
            level = T.MultiplyAdd(alpha, error, before);
            slope = T.MultiplyAdd(beta, error, left);
            T.Store(T.MultiplyAdd(gamma, error, index), ref index0, at);
            sum = T.MultiplyAdd(relative, relative, sum);
            product = T.Multiply(product, forecast);
            if ((at += T.Width) == indices.Length) at = 0;
            if (t % 8 == 7 || t == series.Length - 1) product = AddLogs(product, products, logs);
        }

        T.Store(sum, ref MemoryMarshal.GetReference(squares), 0);
    }

    private static void Factors<T>(ReadOnlySpan<double> series, (T Alpha, T Beta, T Gamma, T Phi) parameters, double firstLevel, double firstSlope,
        Span<double> indices, Span<double> products, Span<double> squares, Span<double> logs) where T : struct, IEtsLanes<T>
    {
        var (alpha, beta, gamma, phi) = parameters;
        var (level, slope, sum, product, one) = (T.Of(firstLevel), T.Of(firstSlope), T.Of(0), T.Of(1), T.Of(1));
        ref var index0 = ref MemoryMarshal.GetReference(indices);
        var at = 0;
        for (var t = 0; t < series.Length; t++)
        {
            var left = T.Multiply(phi, slope);
            var before = T.Add(level, left);
            var index = T.Load(ref index0, at);
            var value = T.Of(series[t]);
            var inverse = T.Divide(one, index);
            var levelError = T.Subtract(T.Multiply(value, inverse), before);
            var detrended = T.Divide(value, before);
            var relative = T.Subtract(T.Multiply(detrended, inverse), one);
            var forecast = T.Multiply(before, index);
            level = T.MultiplyAdd(alpha, levelError, before);
            slope = T.MultiplyAdd(beta, levelError, left);
            T.Store(T.MultiplyAdd(gamma, T.Subtract(detrended, index), index), ref index0, at);
            sum = T.MultiplyAdd(relative, relative, sum);
            product = T.Multiply(product, forecast);
            if ((at += T.Width) == indices.Length) at = 0;
            if (t % 8 == 7 || t == series.Length - 1) product = AddLogs(product, products, logs);
        }

        T.Store(sum, ref MemoryMarshal.GetReference(squares), 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T AddLogs<T>(T product, Span<double> products, Span<double> logs) where T : struct, IEtsLanes<T>
    {
        T.Store(product, ref MemoryMarshal.GetReference(products), 0);
        for (var i = 0; i < T.Width; i++) logs[i] += Math.Log(Math.Abs(products[i]));
        return T.Of(1);
    }
}
