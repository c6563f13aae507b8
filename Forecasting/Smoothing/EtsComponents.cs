namespace Shabou.Forecasting;

/// <summary>How a model read a history, period by period, each after its period was seen: what a planner is shown as level, trend and season.</summary>
/// <param name="Level">Units.</param>
/// <param name="Slope">Units a period; zeros without a trend.</param>
/// <param name="Season">Units (additive) or factors (multiplicative); empty without a season.</param>
/// <param name="Fitted">What was expected one period before, units.</param>
public sealed record EtsComponents(double[] Level, double[] Slope, double[] Season, double[] Fitted)
{
    internal static EtsComponents Of(EtsFit fit, ReadOnlySpan<double> history)
    {
        var n = history.Length;
        var series = new double[n];
        MissingValues.Interpolate(history, series);
        var (alpha, beta, gamma, phi) = fit.Parameters;
        var (level, slope) = (fit.First.Level, fit.First.Slope);
        var cycle = fit.First.Season.Length;
        var indices = fit.First.Season.ToArray();
        var result = new EtsComponents(new double[n], new double[n], new double[cycle == 0 ? 0 : n], new double[n]);
        for (var t = 0; t < n; t++)
        {
            var before = level + phi * slope;
            var index = cycle == 0 ? 0 : indices[t % cycle];
            var factors = fit.Model.Season == EtsSeason.Multiplicative;
            result.Fitted[t] = factors ? before * index : before + index;
            var error = factors ? series[t] / index - before : series[t] - index - before;
            level = result.Level[t] = before + alpha * error;
            slope = result.Slope[t] = phi * slope + beta * error;
            if (cycle > 0) result.Season[t] = indices[t % cycle] = index + gamma * (factors ? series[t] / before - index : error);
        }

        return result;
    }
}
