namespace Shabou.Forecasting;

/// <summary>What known influences (promotions, holidays, Ramadan ...) did to a history, so that it can be forecast without them and they be put back where
/// they will come again. Usable with any method.</summary>
/// <remarks>
/// <para>Scale: where demand is never negative and less than 3 periods in 10 are without any, effects multiply: they are estimated on
/// log(1 + demand). Else, and so for intermittent demand, they are units to add.</para>
/// <para>Estimate: history and regressors are both freed of trend and season in the same way (<see cref="SeasonalTrendLoess"/>), so what the season
/// explains is not credited to a regressor (Frisch &amp; Waugh 1933); then ridge regression (Hoerl &amp; Kennard 1970) with Huber's
/// weights (1964), which keep one odd month from making an effect.</para>
/// <para>Guards: a regressor needs <see cref="FewestOccurrences"/> observed periods in which it differs from its usual value, and a |t| of
/// <see cref="SmallestT"/>, which 1 to 3 % of regressors without an effect reach in simulations; the least significant one leaves first. What stays is shrunk by 1 - 1/t^2 (the
/// positive part of James &amp; Stein 1961 for a single effect). A multiplicative effect never exceeds ten times. All constants are textbook
/// values, none was fitted to data.</para>
/// <para>Missing periods do not count. A regressor value that is not finite, or beyond the array's end, is zero.</para>
/// </remarks>
public sealed class RegressorEffects
{
    /// <summary>Observed periods in which a regressor must differ from its usual value: 3.</summary>
    public const int FewestOccurrences = 3;

    /// <summary>Smallest |t| that is believed: 2.6.</summary>
    public const double SmallestT = 2.6;

    private const double LargestLogEffect = 2.302585092994046; // ten times
    private readonly double[] _effects;

    internal RegressorEffects(bool multiplicative, double[] effects, double[] significances) =>
        (Multiplicative, _effects, Significances) = (multiplicative, effects, significances);

    /// <summary>Whether effects are differences of log(1 + demand) instead of units.</summary>
    public bool Multiplicative { get; }

    /// <summary>One per regressor, per unit of it; 0 where nothing is believed.</summary>
    public IReadOnlyList<double> Effects => _effects;

    /// <summary>The t value of each effect when it was last in the regression, 0 where it was never tried: why it is believed or not.</summary>
    public IReadOnlyList<double> Significances { get; }

    /// <summary>Whether any effect is believed; if not, removing and putting back change nothing.</summary>
    public bool Any => Array.Exists(_effects, effect => effect != 0);

    /// <summary>Estimates the effects from a history.</summary>
    /// <param name="history">Oldest first, NaN where missing.</param>
    /// <param name="season">Periods of the cycle, 1 for none.</param>
    /// <param name="regressors">Each one value a period of the history; what follows is not looked at.</param>
    /// <returns>Finite effects, all 0 when the history is too short or nothing is significant.</returns>
    public static RegressorEffects Estimate(ReadOnlySpan<double> history, int season, IReadOnlyList<double[]> regressors) =>
        RegressorEstimate.Of(history, season, regressors, LargestLogEffect);

    /// <summary>Takes the effects out of a history, in place. Missing periods stay missing; positive demand stays positive.</summary>
    /// <param name="regressors">As in <see cref="Estimate"/>.</param>
    public void Remove(Span<double> history, IReadOnlyList<double[]> regressors) => Apply(history, regressors, 0, -1);

    /// <summary>Puts the effects into a forecast or quantiles of it, in place.</summary>
    /// <param name="values">One value a period.</param>
    /// <param name="regressors">As in <see cref="Estimate"/>, going on over the horizon.</param>
    /// <param name="start">Position of the first value: the length of the history.</param>
    public void PutBack(Span<double> values, IReadOnlyList<double[]> regressors, int start) => Apply(values, regressors, start, 1);

    /// <summary>Forecasts with a method that knows no regressors: without the effects, then puts them back.</summary>
    /// <returns>The effects that were believed.</returns>
    /// <exception cref="ArgumentException">No period of the history is observed.</exception>
    public static RegressorEffects Forecast(IForecastMethod method, ReadOnlySpan<double> history, int season, IReadOnlyList<double[]> regressors, Span<double> mean)
    {
        var effects = Estimate(history, season, regressors);
        using var buffer = new Pooled<double>(history.Length);
        history.CopyTo(buffer.Span);
        effects.Remove(buffer.Span, regressors);
        method.Forecast(buffer.Span, season, mean);
        effects.PutBack(mean, regressors, history.Length);
        return effects;
    }

    /// <summary>A regressor's value at a period; zero beyond its end and where it is not finite.</summary>
    internal static double At(double[] regressor, int t) => t < regressor.Length && double.IsFinite(regressor[t]) ? regressor[t] : 0;

    private void Apply(Span<double> values, IReadOnlyList<double[]> regressors, int start, int sign)
    {
        if (!Any) return;
        for (var i = 0; i < values.Length; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < _effects.Length; j++) sum += _effects[j] * At(regressors[j], start + i);
            if (sum == 0) continue;
            values[i] = Multiplicative ? Multiplied(values[i], sign * Math.Clamp(sum, -LargestLogEffect, LargestLogEffect)) : values[i] + sign * sum;
        }
    }

    // On log(1 + demand), but no demand stays none, and a forecast below zero is left alone.
    private static double Multiplied(double value, double effect) => value <= 0 ? value : Math.Max(0, (1 + value) * Math.Exp(effect) - 1);
}
