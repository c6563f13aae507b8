namespace Shabou.Forecasting;

/// <summary>The fitted parameters of a Theta model.</summary>
/// <param name="Alpha">Smoothing constant, 0.1 to 0.99.</param>
/// <param name="Share">k = 1 - 1/theta, 0 to 1: the weight of the trend line.</param>
/// <param name="FirstLevel">l(0).</param>
/// <param name="SquaredErrors">Sum of the squared one-step errors, 0 or more.</param>
/// <param name="End">The state after the last period.</param>
internal readonly record struct DynamicThetaFit<T>(T Alpha, T Share, T FirstLevel, T SquaredErrors, DynamicThetaState<T> End) where T : unmanaged, ILanes<T>
{
    private const int Halvings = 16; // of 0.1, so to 2e-6

    private static ReadOnlySpan<double> Grid => [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99];

    /// <summary>Fits complete series.</summary>
    /// <param name="lines">The trend line after 0, 1 ... n periods.</param>
    /// <param name="skipped">First periods whose errors do not count.</param>
    /// <param name="half">Whether theta is 2, so k is 1/2, instead of estimated.</param>
    public static DynamicThetaFit<T> Of(ReadOnlySpan<T> series, ReadOnlySpan<TrendLine<T>> lines, int skipped, bool half)
    {
        var best = At(series, lines, T.Of(Grid[0]), skipped, half).SquaredErrors;
        var bracket = new AlphaBracket<T>(T.Of(Grid[0]), T.Of(Grid[0]), T.Of(Grid[1]), best);
        for (var i = 1; i < Grid.Length; i++)
        {
            var error = At(series, lines, T.Of(Grid[i]), skipped, half).SquaredErrors;
            bracket = bracket.Move(T.Less(error, bracket.Error), Grid[i - 1], Grid[i], Grid[Math.Min(i + 1, Grid.Length - 1)], error);
        }

        for (var i = 0; i < Halvings; i++)
            bracket = bracket.Halve(At(series, lines, bracket.Left, skipped, half).SquaredErrors, At(series, lines, bracket.Right, skipped, half).SquaredErrors);
        return At(series, lines, bracket.Best, skipped, half);
    }

    // With l(0) = 0 and k = 0 the error at t is a(t); l(0) = x and k change it to a(t) - x w(t) - k g(t). The sums of products are all
    // that least squares needs: x is eliminated first, then k is kept between 0 and 1.
    private static DynamicThetaFit<T> At(ReadOnlySpan<T> series, ReadOnlySpan<TrendLine<T>> lines, T alpha, int skipped, bool half)
    {
        T zero = default, one = T.Of(1), keep = one - alpha;
        T aa = zero, aw = zero, ag = zero, ww = zero, wg = zero, gg = zero, level = zero, weight = one, growth = one;
        for (var t = 0; t < series.Length; t++)
        {
            var error = series[t] - level;
            if (t >= skipped)
            {
                var line = weight * lines[t].Intercept + growth * lines[t].Slope;
                aa += error * error;
                aw += error * weight;
                ag += error * line;
                ww += weight * weight;
                wg += weight * line;
                gg += line * line;
            }

            level += alpha * error;
            weight *= keep;
            growth = one + keep * growth;
        }

        var rest = gg - wg * wg / ww;
        var share = half ? T.Of(0.5) : (ag - aw * wg / ww) / rest;
        share = T.Select(T.LessOrEqual(rest, T.Of(1e-10) * gg), half ? T.Of(0.5) : zero, share); // the line says nothing that l(0) cannot
        share = T.Select(T.Less(share, zero), zero, T.Select(T.Less(one, share), one, share));
        var first = (aw - share * wg) / ww;
        var squares = aa - aw * aw / ww - T.Of(2) * share * (ag - aw * wg / ww) + share * share * rest;
        return new(alpha, share, first, T.Select(T.Less(squares, zero), zero, squares),
            new(level + weight * first, lines[^1], weight, growth));
    }
}
