namespace Shabou.Forecasting;

/// <summary>A model fitted to a series: what it learned, how well it fits, and its forecasts.</summary>
/// <param name="Model">Which model.</param>
/// <param name="Parameters">Smoothing parameters of maximum likelihood.</param>
/// <param name="First">States before the first period, of maximum likelihood too.</param>
/// <param name="Last">States after the last period: what the forecast is made of.</param>
/// <param name="Periods">Length of the series.</param>
/// <param name="Variance">Of the one-step errors: sum of squares / (periods - parameters), in squared units for additive errors, in squared
/// shares of the forecast for multiplicative ones.</param>
/// <param name="LogLikelihood">As R's forecast::ets counts, without constants: -(n log(sum e^2))/2, for multiplicative errors - sum log |f| too. A fit
/// that is perfect (errors below a millionth of a millionth of the series' size) has that of such errors.</param>
/// <param name="Aicc">Akaike's criterion corrected for few periods (Hurvich &amp; Tsai 1989); infinite where there are too few periods for it.</param>
public sealed record EtsFit(
    EtsModel Model, EtsParameters Parameters, EtsStates First, EtsStates Last, int Periods, double Variance, double LogLikelihood, double Aicc)
{
    /// <summary>Fits one model.</summary>
    /// <param name="history">Oldest first; NaN where missing (interpolated); at least one value.</param>
    /// <param name="season">Periods of the cycle; 1 for none.</param>
    /// <param name="model">A season needs more than season + 4 periods and a cycle of 2 to 24, a trend 7, multiplicative errors strictly positive values; a
    /// model that cannot be fitted loses, in this order, its multiplicative parts, its season, its damping and its trend.</param>
    /// <exception cref="ArgumentException">No period is observed.</exception>
    public static EtsFit Of(ReadOnlySpan<double> history, int season, EtsModel model) => To(EtsSearch.Exact, EtsStarts.Most, history, season, model);

    /// <summary>The same to a precision of the deviance (<see cref="EtsSearch.Descend"/>) and from fewer starts.</summary>
    internal static EtsFit To(double precision, int starts, ReadOnlySpan<double> history, int season, EtsModel model)
    {
        using var problem = new EtsProblem(history, season);
        for (; !problem.Allows(model); model = Simpler(model)) { }
        while (true)
        {
            if (problem.Search(model, precision, starts) is { } found) return problem.Describe(found);
            if (model == Simplest) return problem.Mean();
            model = Simpler(model);
        }
    }

    /// <summary>Level, growth and season of every period: how the model read the history.</summary>
    /// <param name="history">The history that was fitted.</param>
    public EtsComponents Components(ReadOnlySpan<double> history) => EtsComponents.Of(this, history);

    /// <summary>Writes the forecasts' means and, where asked for, their variances.</summary>
    /// <param name="mean">One value per step.</param>
    /// <param name="variance">As long as <paramref name="mean"/>, or empty.</param>
    public void Forecast(Span<double> mean, Span<double> variance) => EtsPrediction.Write(this, mean, variance);

    internal static EtsModel Simplest => default;

    internal static EtsModel Simpler(EtsModel model) => model switch
    {
        { Season: EtsSeason.Multiplicative } => model with { Season = EtsSeason.Additive },
        { Error: EtsError.Multiplicative } => model with { Error = EtsError.Additive },
        { Season: EtsSeason.Additive } => model with { Season = EtsSeason.None },
        { Trend: EtsTrend.Damped } => model with { Trend = EtsTrend.Additive },
        _ => Simplest,
    };
}

/// <summary>What a model knows at one moment.</summary>
/// <param name="Level">Units.</param>
/// <param name="Slope">Units a period; 0 without a trend.</param>
/// <param name="Season">Units (additive) or factors (multiplicative) by position; the first belongs to the period right after that moment. Empty without
/// a season.</param>
public sealed record EtsStates(double Level, double Slope, double[] Season);
