namespace Shabou.Forecasting;

/// <summary>Scores what was forecast at the rolling origins of one part.</summary>
internal static class PartScoring
{
    /// <summary>One entry per candidate, and the segment's combination as the last.</summary>
    /// <param name="ranges">Whether ranges of steps are wanted beside all steps.</param>
    public static ScoreSums Score(Segment segment, PartEvidence part, bool ranges)
    {
        var rolling = part.Rolling;
        var methods = segment.Weights.Length;
        var sums = new ScoreSums(methods + 1);
        var mean = new double[rolling.Steps];
        var quantiles = new double[rolling.Steps * QuantileForecast.Levels.Length];
        for (var origin = 0; origin < rolling.Origins.Length; origin++)
        {
            var training = part.History.AsSpan(0, rolling.Origins[origin]);
            var actual = part.History.AsSpan(rolling.Origins[origin], rolling.Steps);
            var scale = ScaledError.ScaleOf(training, Math.Max(1, part.Part.Season));
            var forecasts = rolling.At(origin);
            for (var m = 0; m <= methods; m++)
            {
                if (m < methods && rolling.Skipped.Length > 0 && rolling.Skipped[m]) continue;
                if (m < methods) forecasts.Slice(m * rolling.Steps, rolling.Steps).CopyTo(mean);
                else segment.Combine(forecasts, rolling.Skipped, mean);
                segment.Calibration.Write(mean, rolling.Spreads[origin], quantiles);
                sums.Add(m, scale, actual, mean, quantiles, ranges);
            }
        }

        return sums;
    }

    /// <summary>The published forecast's figures for the part alone.</summary>
    public static PartScores Figures(ScoreSums sums, Segment segment, PartEvidence part)
    {
        var published = sums.Methods - 1;
        if (sums.Steps(published) == 0) return PartScores.None;
        var rolling = part.Rolling;
        Span<double> first = stackalloc double[rolling.Origins.Length];
        Span<double> actual = stackalloc double[rolling.Origins.Length];
        var mean = new double[rolling.Steps];
        for (var i = 0; i < first.Length; i++) // oldest first
        {
            var origin = first.Length - 1 - i;
            segment.Combine(rolling.At(origin), rolling.Skipped, mean);
            (first[i], actual[i]) = (mean[0], part.History[rolling.Origins[origin]]);
        }

        return new(sums.Steps(published), sums.Wape(published), sums.Bias(published), sums.Mase(published),
            Math.Sqrt(sums.MeanSquare(published) / SquaredDifference(part.History)), sums.Pinball(published), sums.Coverage95(published),
            TrackingSignal.Cumulative(first, actual));
    }

    private static double SquaredDifference(ReadOnlySpan<double> history)
    {
        var sum = 0.0;
        var pairs = 0;
        for (var t = 1; t < history.Length; t++)
        {
            var difference = history[t] - history[t - 1];
            if (double.IsNaN(difference)) continue;
            sum += difference * difference;
            pairs++;
        }

        return pairs > 0 ? sum / pairs : double.NaN;
    }
}
