namespace Shabou.Forecasting;

/// <summary>Local regression on an even grid, as STL uses it: weights (1 - (distance / h)^3)^3 over the nearest points.</summary>
/// <remarks>Cleveland, Cleveland, McRae &amp; Terpenning 1990. Points are numbered from 1, as in the paper.</remarks>
internal static class Loess
{
    /// <summary>Smooths a series: fits at every <paramref name="jump"/>-th point and at the last, straight lines between.</summary>
    /// <param name="window">Points that take part, odd; more than there are widen the weights accordingly.</param>
    /// <param name="degree">0: local mean, 1: local line.</param>
    public static void Smooth(ReadOnlySpan<double> values, int window, int degree, int jump, Span<double> smooth)
    {
        var n = values.Length;
        if (n < 2)
        {
            values.CopyTo(smooth);
            return;
        }

        jump = Math.Min(jump, n - 1);
        var last = 0;
        for (var i = 1; i <= n; i += jump) smooth[(last = i) - 1] = FitInside(values, window, degree, i);
        if (last < n) smooth[n - 1] = FitInside(values, window, degree, n);
        for (var from = 1; from < n; from += jump)
        {
            var to = Math.Min(from + jump, n);
            var step = (smooth[to - 1] - smooth[from - 1]) / (to - from);
            for (var i = from + 1; i < to; i++) smooth[i - 1] = smooth[from - 1] + step * (i - from);
        }
    }

    /// <summary>The fit at one place, which may lie one outside, from the points left to right.</summary>
    /// <returns>The nearest value where no point has a weight.</returns>
    public static double FitAt(ReadOnlySpan<double> values, int window, int degree, int at, int left, int right)
    {
        var n = values.Length;
        double h = Math.Max(at - left, right - at);
        if (window > n) h += (window - n) / 2;
        double sum = 0, mean = 0;
        for (var i = left; i <= right; i++)
        {
            var weight = Weight(i - at, h);
            sum += weight;
            mean += weight * i;
        }

        if (sum <= 0) return values[Math.Clamp(at, 1, n) - 1];
        mean /= sum;
        double spread = 0, slope = 0;
        if (h > 0 && degree > 0)
        {
            for (var i = left; i <= right; i++) spread += Weight(i - at, h) / sum * (i - mean) * (i - mean);
            if (Math.Sqrt(spread) > .001 * (n - 1)) slope = (at - mean) / spread; // else the points lie too near to each other for a line
        }

        var fit = 0.0;
        for (var i = left; i <= right; i++) fit += Weight(i - at, h) / sum * (slope * (i - mean) + 1) * values[i - 1];
        return fit;
    }

    private static double FitInside(ReadOnlySpan<double> values, int window, int degree, int at)
    {
        var n = values.Length;
        if (window >= n) return FitAt(values, window, degree, at, 1, n);
        var left = Math.Clamp(at - (window + 1) / 2 + 1, 1, n - window + 1);
        return FitAt(values, window, degree, at, left, left + window - 1);
    }

    private static double Weight(int offset, double h)
    {
        double distance = Math.Abs(offset);
        if (distance > .999 * h) return 0;
        if (distance <= .001 * h) return 1;
        var ratio = distance / h;
        var rest = 1 - ratio * ratio * ratio;
        return rest * rest * rest;
    }
}
