namespace Shabou.Forecasting;

/// <summary>The methods that are tried on one route. References only give the rows to compare with; core members share the forecast
/// equally until the rolling origins say otherwise.</summary>
/// <param name="Methods">References first, then members.</param>
/// <param name="References">How many of them never get a weight.</param>
/// <param name="Prior">Weight of each before anything is learned; 0 for references, adds up to 1.</param>
/// <param name="Costly">Which take about a millisecond a history. They are tried at the origins when a model is learned, not again when a
/// part is forecast while somebody waits.</param>
internal sealed record Candidates(IForecastMethod[] Methods, int References, double[] Prior, bool[] Costly)
{
    // The core was picked from some 20 on M3's quarterly training parts, forecasting their last 8, 12 and 16 quarters, and checked on every sixth monthly and
    // on the other series. The learned weights over it then stood against plain means and medians of every subset of theta, dynamic theta, ets and arima
    // on M3 quarterly, other, every third monthly and hospital. Of sMAPE and MASE relative to Theta's they left .938, the plain mean that a rule written down
    // before chose (theta, ets, arima) .938, the best one without arima (dynamic theta, ets) .946; at the origin kept back for the check .949, .956
    // and .960. The lead came from the monthly series and hospital, not from where the core was picked.
    // Automatic ARIMA costs 2 to 3 ms a quarterly fit and 13 a monthly one, so it is a matter of the part's value: ValuedMember.
    private static readonly Candidates Regular = With(
        1,
        [new Theta(), new LogScale(new Theta()), new DynamicTheta(), new AutoEts(), new LogScale(new AutoEts())],
        [new SeasonallyAdjusted("damped", EtsMethod.Damped), new LogScale(new SeasonallyAdjusted("damped", EtsMethod.Damped)), new SeasonallyAdjusted("ses", new ExponentialSmoothing()), new SeasonalNaive(), new MovingAverage()]);

    // The pooled model leads: at month 27 of carparts' 39 it was the most accurate alone, and the others take a little of its risk.
    private static readonly Candidates Seldom = With(
        4,
        [new PooledMember(), new TeunterSyntetosBabai(), new MovingAverage()],
        [new ExponentialSmoothing(), new SeasonalNaive(), new Theta(), Croston.SyntetosBoylan(), new OptimisedTeunterSyntetosBabai(), new Adida(), new Imapa()]);

    public static Candidates For(DemandRoute route) => route == DemandRoute.Seldom ? Seldom : Regular;

    private static Candidates With(double first, IForecastMethod[] core, IForecastMethod[] others)
    {
        IForecastMethod[] references = [new Zero(), new Naive()];
        var methods = (IForecastMethod[])[.. references, .. core, .. others];
        var prior = new double[methods.Length];
        prior.AsSpan(references.Length, core.Length).Fill(1 / (first + core.Length - 1));
        prior[references.Length] *= first;
        return new(methods, references.Length, prior, [.. methods.Select(method => method is AutoEts or LogScale { IsCostly: true })]);
    }

    /// <summary>Forecasts with every method: row by row, each with all steps. A method that throws or gives no finite number is replaced by the
    /// mean of the history and counted; every number is cut off at zero and at ten times the largest demand.</summary>
    /// <param name="history">At least one observed period.</param>
    /// <param name="pooled">The pooled model's forecast of at least as many steps; null where nothing is pooled.</param>
    /// <param name="failed">Receives which methods were replaced.</param>
    /// <param name="costly">Whether <see cref="Costly"/> methods run; else they are replaced as if they had failed.</param>
    public void Forecast(ReadOnlySpan<double> history, int season, int steps, PooledForecast? pooled,
        Span<double> forecasts, Span<bool> failed, bool costly = true)
    {
        var (mean, largest) = MeanAndLargest(history);
        for (var m = 0; m < Methods.Length; m++)
        {
            var row = forecasts.Slice(m * steps, steps);
            if (pooled is not null && Methods[m] is PooledMember)
            {
                pooled.Mean.AsSpan(0, steps).CopyTo(row);
                failed[m] = false;
                continue;
            }

            failed[m] = (Costly[m] && !costly) || !TryForecast(Methods[m], history, season, row);
            if (failed[m]) row.Fill(mean);
            foreach (ref var value in row) value = Bounded(value, largest);
        }
    }

    /// <summary>What is published of a member's number.</summary>
    /// <param name="largest">Demand of the history.</param>
    public static double Bounded(double value, double largest) => Math.Clamp(value, 0, 10 * largest);

    /// <summary>Runs one method; false when it throws or gives a number that is not finite.</summary>
    public static bool TryForecast(IForecastMethod method, ReadOnlySpan<double> history, int season, Span<double> row)
    {
        try
        {
            method.Forecast(history, season, row);
        }
        catch (Exception error) when (error is ArithmeticException or ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            return false; // one method's failure on one part must not stop a run: the caller counts it
        }

        foreach (var value in row)
            if (!double.IsFinite(value)) return false;
        return true;
    }

    private static (double Mean, double Largest) MeanAndLargest(ReadOnlySpan<double> history)
    {
        double sum = 0, largest = 0;
        var count = 0;
        foreach (var value in history)
        {
            if (double.IsNaN(value)) continue;
            sum += Math.Max(0, value);
            largest = Math.Max(largest, value);
            count++;
        }

        return (count > 0 ? sum / count : 0, largest);
    }
}
