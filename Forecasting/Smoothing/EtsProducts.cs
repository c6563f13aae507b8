using System.Runtime.CompilerServices;

namespace Shabou.Forecasting;

/// <summary>Sums of products of columns, and the linear equations made of them.</summary>
internal static class EtsProducts
{
    /// <summary>Adds the products of a piece's columns: eight rows of the result at a time, up to the diagonal block.</summary>
    public static void Add<T>(ref double rows, int count, int columns, int stride, ref double products) where T : struct, IEtsLanes<T>
    {
        var first = 0;
        for (; columns - first > 4; first += 8)
            for (var lane = 0; lane < first + 8; lane += T.Width)
                AddEight<T>(ref rows, count, first, lane, stride, ref products);
        for (; first < columns; first += 2)
            for (var lane = 0; lane < first + 2; lane += T.Width)
                AddTwo<T>(ref rows, count, first, lane, stride, ref products);
    }

    /// <summary>Solves (A + lambda diag A) x = b for the unknowns that are free, the others being given.</summary>
    /// <param name="matrix">A, symmetric, rows stride apart; kept.</param>
    /// <param name="size">Unknowns.</param>
    /// <param name="stride">At least size + 1.</param>
    /// <param name="lambda">0 or more.</param>
    /// <param name="right">b.</param>
    /// <param name="given">A value where an unknown is given; NaN where it is free.</param>
    /// <param name="work">size * stride numbers.</param>
    /// <param name="x">Receives the solution.</param>
    /// <returns>False where the equations cannot be solved.</returns>
    public static bool Solve<T>(ReadOnlySpan<double> matrix, int size, int stride, double lambda,
        ReadOnlySpan<double> right, ReadOnlySpan<double> given, Span<double> work, Span<double> x) where T : struct, IEtsLanes<T>
    {
        for (var i = 0; i < size; i++)
        {
            var row = work.Slice(i * stride, stride);
            matrix.Slice(i * stride, size).CopyTo(row);
            row[i] += lambda * row[i] + double.Epsilon;
            row[size] = right[i];
        }

        for (var k = 0; k < size; k++)
            if (!double.IsNaN(given[k])) Give(work, size, stride, k, given[k]);
        return Eliminate<T>(work, size, stride, x);
    }

    // Takes an unknown whose value is known out of the equations.
    private static void Give(Span<double> work, int size, int stride, int unknown, double value)
    {
        for (var i = 0; i < size; i++)
        {
            ref var factor = ref work[i * stride + unknown];
            work[i * stride + size] -= factor * value;
            factor = 0;
        }

        var row = work.Slice(unknown * stride, size + 1);
        row.Clear();
        (row[unknown], row[size]) = (1, value);
    }

    private static bool Eliminate<T>(Span<double> work, int size, int stride, Span<double> x) where T : struct, IEtsLanes<T>
    {
        ref var start = ref work[0];
        for (var k = 0; k < size; k++)
        {
            ref var pivotRow = ref Unsafe.Add(ref start, k * stride);
            var pivot = Unsafe.Add(ref pivotRow, k);
            if (!(pivot > 0)) return false;
            var inverse = -1 / pivot;
            for (var i = k + 1; i < size; i++)
            {
                var factor = Unsafe.Add(ref pivotRow, i) * inverse; // the upper half is enough: what is left stays symmetric
                if (factor == 0) continue;
                ref var row = ref Unsafe.Add(ref start, i * stride);
                var factors = T.Of(factor);
                for (var lane = i / T.Width * T.Width; lane < stride; lane += T.Width)
                    T.Store(T.MultiplyAdd(factors, T.Load(ref pivotRow, lane), T.Load(ref row, lane)), ref row, lane);
            }
        }

        for (var i = size - 1; i >= 0; i--)
        {
            ref var row = ref Unsafe.Add(ref start, i * stride);
            var value = Unsafe.Add(ref row, size);
            for (var j = i + 1; j < size; j++) value -= Unsafe.Add(ref row, j) * x[j];
            x[i] = value / Unsafe.Add(ref row, i);
        }

        return true;
    }

    private static void AddEight<T>(ref double rows, int count, int first, int lane, int stride, ref double products) where T : struct, IEtsLanes<T>
    {
        ref var to = ref Unsafe.Add(ref products, first * stride + lane);
        var (p0, p1, p2, p3) = (T.Load(ref to, 0), T.Load(ref to, stride), T.Load(ref to, 2 * stride), T.Load(ref to, 3 * stride));
        var (p4, p5, p6, p7) = (T.Load(ref to, 4 * stride), T.Load(ref to, 5 * stride), T.Load(ref to, 6 * stride), T.Load(ref to, 7 * stride));
        for (var t = 0; t < count; t++)
        {
            ref var row = ref Unsafe.Add(ref rows, t * stride);
            var right = T.Load(ref row, lane);
            ref var left = ref Unsafe.Add(ref row, first);
            p0 = T.MultiplyAdd(T.Of(left), right, p0);
            p1 = T.MultiplyAdd(T.Of(Unsafe.Add(ref left, 1)), right, p1);
            p2 = T.MultiplyAdd(T.Of(Unsafe.Add(ref left, 2)), right, p2);
            p3 = T.MultiplyAdd(T.Of(Unsafe.Add(ref left, 3)), right, p3);
            p4 = T.MultiplyAdd(T.Of(Unsafe.Add(ref left, 4)), right, p4);
            p5 = T.MultiplyAdd(T.Of(Unsafe.Add(ref left, 5)), right, p5);
            p6 = T.MultiplyAdd(T.Of(Unsafe.Add(ref left, 6)), right, p6);
            p7 = T.MultiplyAdd(T.Of(Unsafe.Add(ref left, 7)), right, p7);
        }

        T.Store(p0, ref to, 0);
        T.Store(p1, ref to, stride);
        T.Store(p2, ref to, 2 * stride);
        T.Store(p3, ref to, 3 * stride);
        T.Store(p4, ref to, 4 * stride);
        T.Store(p5, ref to, 5 * stride);
        T.Store(p6, ref to, 6 * stride);
        T.Store(p7, ref to, 7 * stride);
    }

    private static void AddTwo<T>(ref double rows, int count, int first, int lane, int stride, ref double products) where T : struct, IEtsLanes<T>
    {
        ref var to = ref Unsafe.Add(ref products, first * stride + lane);
        var (p0, p1) = (T.Load(ref to, 0), T.Load(ref to, stride));
        for (var t = 0; t < count; t++)
        {
            ref var row = ref Unsafe.Add(ref rows, t * stride);
            var right = T.Load(ref row, lane);
            p0 = T.MultiplyAdd(T.Of(Unsafe.Add(ref row, first)), right, p0);
            p1 = T.MultiplyAdd(T.Of(Unsafe.Add(ref row, first + 1)), right, p1);
        }

        T.Store(p0, ref to, 0);
        T.Store(p1, ref to, stride);
    }
}
