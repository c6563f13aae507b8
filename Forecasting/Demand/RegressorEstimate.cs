namespace Shabou.Forecasting;

/// <summary>The regression behind <see cref="RegressorEffects"/>.</summary>
internal static class RegressorEstimate
{
    private const int FewestPeriods = 12;
    private const int Rounds = 10;       // of reweighting; Huber's weights have settled to three digits long before
    private const double HuberBend = 1.345; // 95 % as good as least squares when errors are normal

    public static RegressorEffects Of(ReadOnlySpan<double> history, int season, IReadOnlyList<double[]> regressors, double largestLogEffect)
    {
        var (effects, significances) = (new double[regressors.Count], new double[regressors.Count]);
        var multiplicative = IsMultiplicative(history);
        var observed = Observed(history);
        var none = new RegressorEffects(multiplicative, effects, significances);
        if (observed.Length < FewestPeriods || regressors.Count == 0) return none;

        var scale = new double[history.Length];
        for (var t = 0; t < scale.Length; t++) scale[t] = multiplicative ? Math.Log(1 + history[t]) : history[t];
        var response = Rest(scale, season, observed);
        var candidates = new List<(int Index, double[] Values)>();
        for (var j = 0; j < regressors.Count; j++)
            if (Candidate(regressors[j], history.Length, season, observed) is { } values) candidates.Add((j, values));

        var usedUp = Math.Min(season, observed.Length / 2) + (double)observed.Length / Math.Max(season, 8); // what trend and season took
        while (candidates.Count > 0)
        {
            var fit = RobustRegression.Fit([.. candidates.Select(c => c.Values)], response, usedUp, HuberBend, Rounds);
            var weakest = 0;
            for (var c = 0; c < candidates.Count; c++)
            {
                significances[candidates[c].Index] = fit.T[c];
                if (Math.Abs(fit.T[c]) < Math.Abs(fit.T[weakest])) weakest = c;
            }

            if (Math.Abs(fit.T[weakest]) >= RegressorEffects.SmallestT)
            {
                for (var c = 0; c < candidates.Count; c++)
                    effects[candidates[c].Index] = Bounded(fit.Effects[c] * (1 - 1 / (fit.T[c] * fit.T[c])), multiplicative ? largestLogEffect : double.MaxValue);
                break;
            }

            candidates.RemoveAt(weakest);
        }

        return none;
    }

    private static double Bounded(double effect, double largest) => double.IsFinite(effect) ? Math.Clamp(effect, -largest, largest) : 0;

    private static bool IsMultiplicative(ReadOnlySpan<double> history)
    {
        int known = 0, none = 0;
        foreach (var value in history)
        {
            if (!double.IsFinite(value)) continue;
            if (value < 0) return false;
            known++;
            if (value == 0) none++;
        }

        return none < 0.3 * known;
    }

    private static int[] Observed(ReadOnlySpan<double> history)
    {
        var observed = new List<int>(history.Length);
        for (var t = 0; t < history.Length; t++)
            if (double.IsFinite(history[t])) observed.Add(t);
        return [.. observed];
    }

    // What is left of a regressor, if it occurs often enough and the season does not explain it.
    private static double[]? Candidate(double[] regressor, int length, int season, int[] observed)
    {
        var values = new double[length];
        for (var t = 0; t < length; t++) values[t] = RegressorEffects.At(regressor, t);
        var sorted = observed.Select(t => values[t]).Order().ToArray();
        var usual = sorted[sorted.Length / 2];
        if (sorted.Count(value => value != usual) < RegressorEffects.FewestOccurrences) return null;

        var rest = Rest(values, season, observed);
        double mean = sorted.Average(), before = 0, after = 0;
        foreach (var value in sorted) before += (value - mean) * (value - mean);
        foreach (var value in rest) after += value * value;
        return after > 0.02 * before && double.IsFinite(after) ? rest : null;
    }

    private static double[] Rest(double[] values, int season, int[] observed)
    {
        var remainder = SeasonalTrendLoess.Decompose(values, season).Remainder;
        return [.. observed.Select(t => remainder[t])];
    }
}
