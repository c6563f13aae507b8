namespace Shabou.Forecasting;

/// <summary>Simple exponential smoothing of any number of series side by side: alpha and l(0) together minimise the squared one-step errors.</summary>
/// <remarks>The criterion and the search of <see cref="ExponentialSmoothing"/>: l(0) exactly, alpha downhill from 0.3 on a grid, then
/// around the point reached. There each step halves the bracket by trying the middles of both sides, two alphas in one pass over the
/// series, because the processor has room for two while it waits for the level of the period before; a parabola does the rest, to
/// about 1e-7.</remarks>
internal static class SmoothingLanes
{
    private const int Start = 6;
    private const int Halvings = 9; // of at most 0.1, so to 2e-4, which the parabola squares

    private static ReadOnlySpan<double> Grid =>
        [1e-4, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.9999];

    /// <summary>Fits complete series of at least one row.</summary>
    public static SmoothingLanesFit<T> Fit<T>(ReadOnlySpan<T> series) where T : unmanaged, ILanes<T>
    {
        var bracket = Bracket(series);
        var vertex = bracket.Best;
        for (var i = 0; i < Halvings; i++)
        {
            var (left, right) = Errors(series, bracket.Left, bracket.Right);
            vertex = bracket.Vertex(left, right);
            bracket = bracket.Halve(left, right);
        }

        var (there, here) = Errors(series, vertex, bracket.Best);
        return At(series, T.Select(T.Less(there, here), vertex, bracket.Best));
    }

    private static AlphaBracket<T> Bracket<T>(ReadOnlySpan<T> series) where T : unmanaged, ILanes<T>
    {
        var (error, below) = Errors(series, T.Of(Grid[Start]), T.Of(Grid[Start - 1]));
        var search = new AlphaBracket<T>(T.Of(Grid[Start - 1]), T.Of(Grid[Start]), T.Of(Grid[Start + 1]), error);
        var down = T.LessOrEqual(below, error);
        var up = T.Less(error, below); // downhill one way only
        for (var i = Start - 1; T.Any(down); i -= 2)
        {
            search = search.Move(down, Grid[Math.Max(i - 1, 0)], Grid[i], Grid[i + 1], below);
            if (i == 0) break;
            var (next, afterNext) = Errors(series, T.Of(Grid[i - 1]), T.Of(Grid[Math.Max(i - 2, 0)]));
            down &= T.LessOrEqual(next, search.Error);
            search = search.Move(down, Grid[Math.Max(i - 2, 0)], Grid[i - 1], Grid[i], next);
            if (i == 1) break;
            (below, down) = (afterNext, down & T.LessOrEqual(afterNext, search.Error));
        }

        for (var i = Start + 1; i < Grid.Length && T.Any(up); i += 2)
        {
            var (next, afterNext) = Errors(series, T.Of(Grid[i]), T.Of(Grid[Math.Min(i + 1, Grid.Length - 1)]));
            up &= T.Less(next, search.Error);
            search = search.Move(up, Grid[i - 1], Grid[i], Grid[Math.Min(i + 1, Grid.Length - 1)], next);
            if (i + 1 == Grid.Length) break;
            up &= T.Less(afterNext, search.Error);
            search = search.Move(up, Grid[i], Grid[i + 1], Grid[Math.Min(i + 2, Grid.Length - 1)], afterNext);
        }

        return search;
    }

    // With l(0) = 0 the error at t is a(t); l(0) = x changes it to a(t) - x (1-alpha)^(t-1), so the best x leaves aa - aq^2 / qq.
    private static (T First, T Second) Errors<T>(ReadOnlySpan<T> series, T alpha, T beta) where T : unmanaged, ILanes<T>
    {
        T one = T.Of(1), keep = one - alpha, keep2 = one - beta;
        T aa = default, aq = default, qq = default, level = default, weight = one;
        T aa2 = default, aq2 = default, qq2 = default, level2 = default, weight2 = one;
        foreach (var value in series)
        {
            var error = value - level;
            var error2 = value - level2;
            aa += error * error;
            aa2 += error2 * error2;
            aq += error * weight;
            aq2 += error2 * weight2;
            qq += weight * weight;
            qq2 += weight2 * weight2;
            level += alpha * error;
            level2 += beta * error2;
            weight *= keep;
            weight2 *= keep2;
        }

        return (aa - aq * aq / qq, aa2 - aq2 * aq2 / qq2);
    }

    private static SmoothingLanesFit<T> At<T>(ReadOnlySpan<T> series, T alpha) where T : unmanaged, ILanes<T>
    {
        T keep = T.Of(1) - alpha, aa = default, aq = default, qq = default, level = default, weight = T.Of(1);
        foreach (var value in series)
        {
            var error = value - level;
            aa += error * error;
            aq += error * weight;
            qq += weight * weight;
            level += alpha * error;
            weight *= keep;
        }

        var first = aq / qq;
        var squares = aa - aq * first;
        return new(alpha, level + weight * first, first, weight, T.Select(T.Less(squares, default), default, squares));
    }
}

/// <summary>Fitted levels.</summary>
/// <param name="Alpha">Smoothing constants, 0.0001 to 0.9999.</param>
/// <param name="Level">Levels after the last period.</param>
/// <param name="FirstLevel">Levels before the first period.</param>
/// <param name="Weight">(1 - alpha)^n: what is left of l(0) in the level.</param>
/// <param name="SquaredErrors">Sums of squared one-step errors, 0 or more.</param>
internal readonly record struct SmoothingLanesFit<T>(T Alpha, T Level, T FirstLevel, T Weight, T SquaredErrors) where T : unmanaged, ILanes<T>;
