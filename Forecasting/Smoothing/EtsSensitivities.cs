using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>How every error changes with every unknown, and from that the sums of products that Gauss and Newton need: forward differentiation
/// of <see cref="EtsRecursion"/>, one lane per unknown.</summary>
/// <remarks>All periods are gone through in pieces, so a long series needs no more memory than a short one. Sums run in the order of time whatever
/// the number of lanes, so their bits depend on neither.</remarks>
internal static class EtsSensitivities
{
    /// <summary>Periods of a piece.</summary>
    public const int Piece = 128;

    /// <summary>Doubles of work space: constants, indices, and the rows of one piece.</summary>
    public const int WorkSize = (8 + EtsModel.LongestSeason + Piece) * EtsLayout.LongestStride;

    /// <summary>Writes the products of all columns (unknowns, then the errors themselves), stride apart, and the mean of d log |f|.</summary>
    public static void Products(in EtsLayout layout, ReadOnlySpan<double> point, int periods, ReadOnlySpan<double> kept, ReadOnlySpan<double> errors,
        Span<double> work, Span<double> products, Span<double> logs)
    {
        if (Vector512.IsHardwareAccelerated) Products<EightLanes>(layout, point, periods, kept, errors, work, products, logs);
        else if (Vector256.IsHardwareAccelerated) Products<FourLanes>(layout, point, periods, kept, errors, work, products, logs);
        else Products<OneLane>(layout, point, periods, kept, errors, work, products, logs);
    }

    /// <inheritdoc cref="Products"/>
    public static void Products<T>(in EtsLayout layout, ReadOnlySpan<double> point, int periods, ReadOnlySpan<double> kept, ReadOnlySpan<double> errors,
        Span<double> work, Span<double> products, Span<double> logs) where T : struct, IEtsLanes<T>
    {
        var stride = layout.Stride;
        ref var constants = ref MemoryMarshal.GetReference(work);
        ref var indices = ref Unsafe.Add(ref constants, 8 * stride);
        ref var rows = ref Unsafe.Add(ref constants, (8 + layout.Season) * stride);
        Directions(layout, point, work);
        var parameters = layout.Parameters(point);
        products.Clear();
        for (var from = 0; from < periods; from += Piece)
        {
            var count = Math.Min(Piece, periods - from);
            ref var keep = ref Unsafe.Add(ref MemoryMarshal.GetReference(kept), from * EtsRecursion.Kept);
            if (typeof(T) == typeof(EightLanes)) // as many lanes together as the stride allows: one set waits while the others work
            {
                var lane = 0;
                for (; stride - lane >= 24; lane += 24)
                    Sweep<TwentyFourLanes>(layout, parameters, lane, from, count, ref keep, ref constants, ref indices, ref rows);
                if (stride - lane == 16) Sweep<SixteenLanes>(layout, parameters, lane, from, count, ref keep, ref constants, ref indices, ref rows);
                else if (stride - lane == 8) Sweep<EightLanes>(layout, parameters, lane, from, count, ref keep, ref constants, ref indices, ref rows);
            }
            else
            {
                for (var lane = 0; lane < stride; lane += T.Width)
                    Sweep<T>(layout, parameters, lane, from, count, ref keep, ref constants, ref indices, ref rows);
            }

            for (var t = 0; t < count; t++) Unsafe.Add(ref rows, t * stride + layout.Count) = errors[from + t];
            EtsProducts.Add<T>(ref rows, count, layout.Count + 1, stride, ref MemoryMarshal.GetReference(products));
        }

        work.Slice(7 * stride, stride).CopyTo(logs);
    }

    private static void Sweep<T>(in EtsLayout layout, EtsParameters parameters, int lane, int from, int count,
        ref double keep, ref double constants, ref double indices, ref double rows) where T : struct, IEtsLanes<T>
    {
        if (layout.Model.Season == EtsSeason.Multiplicative)
            Factors<T>(parameters, layout.Season, layout.Stride, lane, from, count, ref keep, ref constants, ref indices, ref rows);
        else if (layout.Model.Error == EtsError.Multiplicative)
            RelativeSums<T>(parameters, layout.Season, layout.Stride, lane, from, count, ref keep, ref constants, ref indices, ref rows);
        else
            Sums<T>(parameters, layout.Season, layout.Stride, lane, from, count, ref keep, ref constants, ref indices, ref rows);
    }

    // Rows of constants: d alpha, d beta, d gamma, d phi, one (unused), d level, d slope, sum of d log |f|; then d index by position.
    private static void Directions(in EtsLayout layout, ReadOnlySpan<double> point, Span<double> work)
    {
        var stride = layout.Stride;
        work[..((8 + layout.Season) * stride)].Clear();
        work[0] = 1;
        if (layout.Beta >= 0) (work[stride], work[stride + layout.Beta]) = (point[layout.Beta], point[0] - EtsParameters.Least);
        if (layout.Gamma >= 0) (work[2 * stride], work[2 * stride + layout.Gamma]) = (-point[layout.Gamma], 1 - point[0] - EtsParameters.Least);
        if (layout.Phi >= 0) work[3 * stride + layout.Phi] = 1;
        work[5 * stride + layout.Level] = 1;
        if (layout.Slope >= 0) work[6 * stride + layout.Slope] = 1;
        for (var index = 1; index < layout.Season; index++)
        {
            work[8 * stride + layout.Indices + index - 1] = -1;
            work[(8 + index) * stride + layout.Indices + index - 1] = 1;
        }
    }

    private static void Sums<T>(EtsParameters parameters, int season, int stride, int lane, int from, int count,
        ref double keep, ref double constants, ref double indices, ref double rows) where T : struct, IEtsLanes<T>
    {
        var (alpha, beta, gamma, phi) = (T.Of(-parameters.Alpha), T.Of(-parameters.Beta), T.Of(-parameters.Gamma), T.Of(parameters.Phi));
        var (dAlpha, dBeta, dGamma, dPhi) = (T.Load(ref constants, lane), T.Load(ref constants, stride + lane), T.Load(ref constants, 2 * stride + lane), T.Load(ref constants, 3 * stride + lane));
        var (level, slope, minus) = (T.Load(ref constants, 5 * stride + lane), T.Load(ref constants, 6 * stride + lane), T.Of(-1));
        var at = from % season * stride + lane;
        for (var t = 0; t < count; t++)
        {
            var error = T.Of(keep);
            var left = T.MultiplyAdd(phi, slope, T.Multiply(T.Of(Unsafe.Add(ref keep, 1)), dPhi));
            var before = T.Add(level, left);
            var index = T.Load(ref indices, at);
            var forecast = T.Add(before, index);
            T.Store(T.Multiply(minus, forecast), ref rows, t * stride + lane);
            level = T.MultiplyAdd(alpha, forecast, T.MultiplyAdd(error, dAlpha, before));
            slope = T.MultiplyAdd(beta, forecast, T.MultiplyAdd(error, dBeta, left));
            T.Store(T.MultiplyAdd(gamma, forecast, T.MultiplyAdd(error, dGamma, index)), ref indices, at);
            keep = ref Unsafe.Add(ref keep, EtsRecursion.Kept);
            at += stride;
            if (at >= season * stride) at = lane;
        }

        T.Store(level, ref constants, 5 * stride + lane);
        T.Store(slope, ref constants, 6 * stride + lane);
    }

    private static void RelativeSums<T>(EtsParameters parameters, int season, int stride, int lane, int from, int count,
        ref double keep, ref double constants, ref double indices, ref double rows) where T : struct, IEtsLanes<T>
    {
        var (alpha, beta, gamma, phi) = (T.Of(-parameters.Alpha), T.Of(-parameters.Beta), T.Of(-parameters.Gamma), T.Of(parameters.Phi));
        var (dAlpha, dBeta, dGamma, dPhi) = (T.Load(ref constants, lane), T.Load(ref constants, stride + lane), T.Load(ref constants, 2 * stride + lane), T.Load(ref constants, 3 * stride + lane));
        var (level, slope, logs) = (T.Load(ref constants, 5 * stride + lane), T.Load(ref constants, 6 * stride + lane), T.Load(ref constants, 7 * stride + lane));
        var at = from % season * stride + lane;
        for (var t = 0; t < count; t++)
        {
            var error = T.Of(keep);
            var left = T.MultiplyAdd(phi, slope, T.Multiply(T.Of(Unsafe.Add(ref keep, 1)), dPhi));
            var before = T.Add(level, left);
            var index = T.Load(ref indices, at);
            var forecast = T.Add(before, index);
            T.Store(T.Multiply(T.Of(Unsafe.Add(ref keep, 2)), forecast), ref rows, t * stride + lane);
            logs = T.MultiplyAdd(T.Of(Unsafe.Add(ref keep, 3)), forecast, logs);
            level = T.MultiplyAdd(alpha, forecast, T.MultiplyAdd(error, dAlpha, before));
            slope = T.MultiplyAdd(beta, forecast, T.MultiplyAdd(error, dBeta, left));
            T.Store(T.MultiplyAdd(gamma, forecast, T.MultiplyAdd(error, dGamma, index)), ref indices, at);
            keep = ref Unsafe.Add(ref keep, EtsRecursion.Kept);
            at += stride;
            if (at >= season * stride) at = lane;
        }

        T.Store(level, ref constants, 5 * stride + lane);
        T.Store(slope, ref constants, 6 * stride + lane);
        T.Store(logs, ref constants, 7 * stride + lane);
    }

    private static void Factors<T>(EtsParameters parameters, int season, int stride, int lane, int from, int count,
        ref double keep, ref double constants, ref double indices, ref double rows) where T : struct, IEtsLanes<T>
    {
        var (alpha, beta, gamma, phi) = (T.Of(-parameters.Alpha), T.Of(-parameters.Beta), T.Of(-parameters.Gamma), T.Of(parameters.Phi));
        var (dAlpha, dBeta, dGamma, dPhi) = (T.Load(ref constants, lane), T.Load(ref constants, stride + lane), T.Load(ref constants, 2 * stride + lane), T.Load(ref constants, 3 * stride + lane));
        var (level, slope, logs) = (T.Load(ref constants, 5 * stride + lane), T.Load(ref constants, 6 * stride + lane), T.Load(ref constants, 7 * stride + lane));
        var at = from % season * stride + lane;
        for (var t = 0; t < count; t++)
        {
            var error = T.Of(keep);
            var left = T.MultiplyAdd(phi, slope, T.Multiply(T.Of(Unsafe.Add(ref keep, 1)), dPhi));
            var before = T.Add(level, left);
            var index = T.Load(ref indices, at);
            var log = T.MultiplyAdd(T.Of(Unsafe.Add(ref keep, 3)), index, T.Multiply(T.Of(Unsafe.Add(ref keep, 4)), before));
            T.Store(T.Multiply(T.Of(Unsafe.Add(ref keep, 2)), log), ref rows, t * stride + lane);
            logs = T.Add(logs, log);
            var levelError = T.MultiplyAdd(T.Of(Unsafe.Add(ref keep, 6)), index, before); // what the error of the level loses
            var indexError = T.MultiplyAdd(T.Of(Unsafe.Add(ref keep, 7)), before, index);
            level = T.MultiplyAdd(alpha, levelError, T.MultiplyAdd(error, dAlpha, before));
            slope = T.MultiplyAdd(beta, levelError, T.MultiplyAdd(error, dBeta, left));
            T.Store(T.MultiplyAdd(gamma, indexError, T.MultiplyAdd(T.Of(Unsafe.Add(ref keep, 5)), dGamma, index)), ref indices, at);
            keep = ref Unsafe.Add(ref keep, EtsRecursion.Kept);
            at += stride;
            if (at >= season * stride) at = lane;
        }

        T.Store(level, ref constants, 5 * stride + lane);
        T.Store(slope, ref constants, 6 * stride + lane);
        T.Store(logs, ref constants, 7 * stride + lane);
    }
}
