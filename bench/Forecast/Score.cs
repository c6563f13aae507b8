using System.Globalization;
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
internal sealed record Score(double Smape, double Mase, double Mae, double Rmse, double Bias, double CumulativeWape, double Coverage95, double Msis)
{
    /// <summary>A figure as it is printed, by the name of its column; "-" where there is none.</summary>
    /// <param name="column">sMAPE, MASE, MAE, RMSE, bias, cumWAPE, cover95, MSIS or CPU s/1000.</param>
    /// <param name="cpu">Seconds of CPU for 1,000 series.</param>
    public string Figure(string column, double? cpu)
    {
        var (value, format) = column switch
        {
            "sMAPE" => (Smape, "F2"),
            "MASE" => (Mase, "F4"),
            "MAE" => (Mae, "F3"),
            "RMSE" => (Rmse, "F3"),
            "bias" => (Bias, "+0 %;-0 %;0 %"),
            "cumWAPE" => (CumulativeWape, "F3"),
            "cover95" => (Coverage95, "F3"),
            "MSIS" => (Msis, "F2"),
            _ => (cpu ?? double.NaN, cpu < 1 ? "F3" : cpu < 10 ? "F2" : "F0"),
        };
        return double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture).Replace(" %", "%", StringComparison.Ordinal);
    }

    /// <summary>Scores one point forecast per series; quantiles may be missing, for all or none.</summary>
    public static Score Of(IReadOnlyList<(BenchmarkTest Test, double[] Point, double[]? Quantiles)> series)
    {
        double smape = 0, mase = 0, absolute = 0, squared = 0, signed = 0, demand = 0, cumulative = 0, msis = 0;
        int scaled = 0, intervals = 0, steps = 0, inside = 0, smapes = 0;
        var (low, high) = (QuantileForecast.Levels.IndexOf(.025), QuantileForecast.Levels.IndexOf(.975));
        foreach (var ((part, actual), point, quantiles) in series)
        {
            var (training, season) = (part.Demand, part.Season);
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
                if (quantiles is not null && actual[s] >= quantiles[low * n + s] && actual[s] <= quantiles[high * n + s]) inside++;
            }

            if (seen == 0) continue;
            steps += seen;
            smapes++;
            smape += relative / seen;
            absolute += one;
            signed += error;
            cumulative += Math.Abs(error);
            if (ScaledError.Of(training, season, one / seen) is var m && double.IsFinite(m)) (mase, scaled) = (mase + m, scaled + 1);
            if (quantiles is not null && Coverage.IntervalScore(training, season, actual, quantiles.AsSpan(low * n, n), quantiles.AsSpan(high * n, n)) is var width && double.IsFinite(width))
                (msis, intervals) = (msis + width, intervals + 1);
        }

        var known = series.Count > 0 && series[0].Quantiles is not null;
        return new(smape / smapes, mase / scaled, absolute / steps, Math.Sqrt(squared / steps), signed / demand, cumulative / demand, known ? (double)inside / steps : double.NaN, msis / intervals);
    }
}

/// <summary>A history to learn from and what came after it.</summary>
internal sealed record BenchmarkTest(PartHistory Part, double[] Actual);
