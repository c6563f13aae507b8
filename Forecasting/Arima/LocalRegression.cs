namespace Shabou.Forecasting;

/// <summary>Local regression on an even grid with tricube weights (Cleveland 1979), as STL uses it. Positions count from 1.</summary>
internal static class LocalRegression
{
    /// <summary>Smooths at every <paramref name="jump"/>-th position and at the last, and draws straight lines between.</summary>
    /// <param name="series">Complete.</param>
    /// <param name="window">Odd; how many neighbours have a say. Wider than the series: weights reach further accordingly.</param>
    /// <param name="degree">0 for local means, 1 for local lines.</param>
    /// <param name="jump">1 or more.</param>
    /// <param name="smooth">As long as the series.</param>
    public static void Smooth(ReadOnlySpan<double> series, int window, int degree, int jump, Span<double> smooth)
    {
        var n = series.Length;
        jump = Math.Max(1, Math.Min(jump, n - 1));
        var before = 1;
        for (var at = 1; ; at = Math.Min(at + jump, n))
        {
            var left = window >= n ? 1 : Math.Clamp(at - (window - 1) / 2, 1, n - window + 1);
            smooth[at - 1] = At(series, at, left, Math.Min(n, left + window - 1), window, degree, series[at - 1]);
            for (var between = before + 1; between < at; between++)
                smooth[between - 1] = smooth[before - 1] + (smooth[at - 1] - smooth[before - 1]) * (between - before) / (at - before);
            if (at == n) return;
            before = at;
        }
    }

    /// <summary>The regression on positions left ... right, evaluated at <paramref name="at"/>, which may lie one outside.</summary>
    /// <param name="otherwise">The result where no position has weight.</param>
    public static double At(ReadOnlySpan<double> series, int at, int left, int right, int window, int degree, double otherwise)
    {
        var n = series.Length;
        double reach = Math.Max(at - left, right - at);
        if (window > n) reach += (window - n) / 2;
        var (near, far) = (0.001 * reach, 0.999 * reach);
        double total = 0, centre = 0;
        Span<double> weights = right - left < 512 ? stackalloc double[right - left + 1] : new double[right - left + 1];
        for (var j = left; j <= right; j++)
        {
            double distance = Math.Abs(j - at);
            if (distance > far) continue;
            var cube = distance / reach * (distance / reach) * (distance / reach);
            var weight = distance <= near ? 1 : (1 - cube) * (1 - cube) * (1 - cube);
            weights[j - left] = weight;
            total += weight;
        }

        if (total <= 0) return otherwise;
        for (var j = left; j <= right; j++) centre += (weights[j - left] /= total) * j;
        if (reach > 0 && degree > 0)
        {
            var spread = 0.0;
            for (var j = left; j <= right; j++) spread += weights[j - left] * (j - centre) * (j - centre);
            if (Math.Sqrt(spread) > 0.001 * (n - 1))
                for (var j = left; j <= right; j++) weights[j - left] *= (at - centre) / spread * (j - centre) + 1;
        }

        var value = 0.0;
        for (var j = left; j <= right; j++) value += weights[j - left] * series[j - 1];
        return value;
    }
}
