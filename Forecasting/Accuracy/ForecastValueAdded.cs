namespace Shabou.Forecasting;

/// <summary>What each step of the process was worth: the error of the naive forecast, of the statistical one and of the planner's override, on
/// the same demands.</summary>
/// <param name="Periods">Demands compared: those where all three forecasts and the demand are known.</param>
/// <param name="Demand">Their sum, units.</param>
/// <param name="NaiveWape">Sum of absolute errors / demand. NaN without demand.</param>
/// <param name="StatisticalWape">The same.</param>
/// <param name="OverrideWape">The same.</param>
/// <param name="NaiveBias">Sum of forecasts / demand - 1.</param>
/// <param name="StatisticalBias">The same.</param>
/// <param name="OverrideBias">The same.</param>
/// <remarks>Gilliland 2010, The Business Forecasting Deal. A period without an override counts with the statistical forecast.</remarks>
public readonly record struct ForecastValueAdded(
    int Periods, double Demand, double NaiveWape, double StatisticalWape, double OverrideWape, double NaiveBias, double StatisticalBias, double OverrideBias)
{
    /// <summary>What the model adds over the naive forecast: WAPE points, positive is better.</summary>
    public double ByStatistics => NaiveWape - StatisticalWape;

    /// <summary>What the planner adds over the model: WAPE points, positive is better.</summary>
    public double ByOverride => StatisticalWape - OverrideWape;

    /// <summary>Compares period by period.</summary>
    /// <param name="actuals">Demand; NaN where not known.</param>
    /// <param name="naive">Naive forecast made at the same time as the others.</param>
    /// <param name="statistical">The published forecast before any override.</param>
    /// <param name="overridden">The planner's number; NaN where he left the forecast as it was.</param>
    public static ForecastValueAdded Of(ReadOnlySpan<double> actuals, ReadOnlySpan<double> naive, ReadOnlySpan<double> statistical, ReadOnlySpan<double> overridden)
    {
        var periods = 0;
        double demand = 0, n = 0, s = 0, o = 0, nb = 0, sb = 0, ob = 0;
        for (var t = 0; t < actuals.Length; t++)
        {
            var final = double.IsNaN(overridden[t]) ? statistical[t] : overridden[t];
            if (double.IsNaN(actuals[t] + naive[t] + final + statistical[t])) continue;
            periods++;
            demand += actuals[t];
            n += Math.Abs(naive[t] - actuals[t]);
            s += Math.Abs(statistical[t] - actuals[t]);
            o += Math.Abs(final - actuals[t]);
            nb += naive[t] - actuals[t];
            sb += statistical[t] - actuals[t];
            ob += final - actuals[t];
        }

        var per = demand > 0 ? 1 / demand : double.NaN;
        return new(periods, demand, n * per, s * per, o * per, nb * per, sb * per, ob * per);
    }
}
