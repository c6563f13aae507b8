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
    private static readonly Candidates Regular = With(
        [new Theta(), new LogScale(new Theta()), new AutoEts(), new LogScale(new AutoEts())],
        [new SeasonallyAdjusted("damped", EtsMethod.Damped), new SeasonallyAdjusted("ses", new ExponentialSmoothing()), new SeasonalNaive(), new MovingAverage()]);

    private static readonly Candidates Seldom = With(
        [new ExponentialSmoothing(), new TeunterSyntetosBabai(), new MovingAverage()],
        [new SeasonalNaive(), new Theta(), Croston.SyntetosBoylan(), new TeunterSyntetosBabai(0.1, 0.2)]);

    public static Candidates For(DemandRoute route) => route == DemandRoute.Seldom ? Seldom : Regular;

    private static Candidates With(IForecastMethod[] core, IForecastMethod[] others)
    {
        IForecastMethod[] references = [new Zero(), new Naive()];
        var methods = (IForecastMethod[])[.. references, .. core, .. others];
        var prior = new double[methods.Length];
        prior.AsSpan(references.Length, core.Length).Fill(1.0 / core.Length);
        return new(methods, references.Length, prior, [.. methods.Select(method => method is AutoEts or LogScale { IsCostly: true })]);
    }

    /// <summary>Forecasts with every method: row by row, each with all steps. A method that throws or gives no finite number is replaced by the
    /// mean of the history and counted; every number is cut off at zero and at ten times the largest demand.</summary>
    /// <param name="history">At least one observed period.</param>
    /// <param name="failed">Receives which methods were replaced.</param>
    /// <param name="costly">Whether <see cref="Costly"/> methods run; else they are replaced as if they had failed.</param>
    public void Forecast(ReadOnlySpan<double> history, int season, int steps, Span<double> forecasts, Span<bool> failed, bool costly = true)
    {
        var (mean, largest) = MeanAndLargest(history);
        for (var m = 0; m < Methods.Length; m++)
        {
            var row = forecasts.Slice(m * steps, steps);
            failed[m] = (Costly[m] && !costly) || !TryForecast(Methods[m], history, season, row);
            if (failed[m]) row.Fill(mean);
            foreach (ref var value in row) value = Math.Clamp(value, 0, 10 * largest);
        }
    }

    private static bool TryForecast(IForecastMethod method, ReadOnlySpan<double> history, int season, Span<double> row)
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
