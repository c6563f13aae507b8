using Shabou.Forecasting;

namespace Shabou.Bench.Forecast;

/// <summary>What a set of forecasts got on the periods behind the histories, by the measures of the competitions.</summary>
/// <param name="Smape">Mean over series of 200 |f - y| / (|f| + |y|), per cent.</param>
/// <param name="Mase">Mean over series that have a finite one.</param>
/// <param name="Rmse">Pooled over series and steps.</param>
/// <param name="Bias">Sum of forecasts / sum of demand - 1.</param>
/// <param name="CumulativeWape">Sum over series of |total forecast - total demand| / sum of demand.</param>
/// <param name="Coverage95">Share inside the 2.5 to 97.5 % quantiles.</param>
/// <param name="Msis">Mean scaled interval score of that interval.</param>
/// <param name="Pinball">Mean loss per level.</param>
internal sealed record Score(double Smape, double Mase, double Mae, double Rmse, double Bias, double CumulativeWape, double Coverage95, double Msis, double[] Pinball)
{
    /// <summary>Scores one point forecast per series; quantiles may be missing.</summary>
    /// <param name="training">What was learned from.</param>
    /// <param name="actual">What came.</param>
    public static Score Of(IReadOnlyList<(int Season, double[] Training, double[] Actual, double[] Point, double[]? Quantiles)> series)
    {
        double smape = 0, mase = 0, absolute = 0, squared = 0, signed = 0, demand = 0, cumulative = 0, msis = 0;
        int scaled = 0, intervals = 0, steps = 0, inside = 0, smapes = 0;
        var pinball = new double[QuantileForecast.Levels.Length];
        foreach (var (season, training, actual, point, quantiles) in series)
        {
            var n = actual.Length;
            double one = 0, error = 0, relative = 0;
            var seen = 0;
            for (var s = 0; s < n; s++)
            {
                if (double.IsNaN(actual[s])) continue;
                seen++;
                var miss = Math.Abs(point[s] - actual[s]);
                one += miss;
                error += point[s] - actual[s];
                squared += miss * miss;
                demand += actual[s];
                if (miss > 0) relative += 200 * miss / (Math.Abs(point[s]) + Math.Abs(actual[s]));
                if (quantiles is null) continue;
                if (actual[s] >= quantiles[s] && actual[s] <= quantiles[9 * n + s]) inside++;
                for (var i = 0; i < pinball.Length; i++)
                {
                    var shortage = actual[s] - quantiles[i * n + s];
                    pinball[i] += Math.Max(QuantileForecast.Levels[i] * shortage, (QuantileForecast.Levels[i] - 1) * shortage);
                }
            }

            if (seen == 0) continue;
            steps += seen;
            smapes++;
            smape += relative / seen;
            absolute += one;
            signed += error;
            cumulative += Math.Abs(error);
            if (ScaledError.Of(training, season, one / seen) is var m && double.IsFinite(m)) (mase, scaled) = (mase + m, scaled + 1);
            if (quantiles is not null && Coverage.IntervalScore(training, season, actual, quantiles.AsSpan(0, n), quantiles.AsSpan(9 * n, n)) is var width && double.IsFinite(width))
                (msis, intervals) = (msis + width, intervals + 1);
        }

        for (var i = 0; i < pinball.Length; i++) pinball[i] /= steps;
        return new(smape / smapes, mase / scaled, absolute / steps, Math.Sqrt(squared / steps), signed / demand, cumulative / demand, (double)inside / steps, msis / intervals, pinball);
    }
}
