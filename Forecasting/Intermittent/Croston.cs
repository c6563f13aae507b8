namespace Shabou.Forecasting;

/// <summary>Croston's method: demand size and interval between demands are smoothed apart, at demands only; the forecast is
/// size / interval, flat.</summary>
/// <remarks>Croston 1972; the initial values are the first demand and the periods up to it. <see cref="SyntetosBoylan"/> multiplies by
/// 1 - alpha/2, which removes the bias that Syntetos &amp; Boylan 2005 found. Neither forecast decays while no demand comes.
/// Missing periods are skipped: they lengthen no interval. Without any demand the forecast is zero.</remarks>
public sealed class Croston : IForecastMethod
{
    private readonly double _alpha;
    private readonly double _factor;

    /// <param name="alpha">Smoothing constant of sizes and intervals, 0.1 by default.</param>
    public Croston(double alpha = 0.1) : this("croston", alpha, 1)
    {
    }

    private Croston(string name, double alpha, double factor) => (Name, _alpha, _factor) = (name, alpha, factor);

    public string Name { get; }

    /// <summary>The Syntetos-Boylan approximation (SBA).</summary>
    public static Croston SyntetosBoylan(double alpha = 0.1) => new("sba", alpha, 1 - alpha / 2);

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        Span<double> observed = history.Length <= 512 ? stackalloc double[history.Length] : new double[history.Length];
        double size = 0, interval = 0;
        var since = 0;
        foreach (var value in observed[..MissingValues.Skip(history, observed)])
        {
            since++;
            if (value <= 0) continue;
            if (interval == 0) (size, interval) = (value, since);
            size += _alpha * (value - size);
            interval += _alpha * (since - interval);
            since = 0;
        }

        mean.Fill(interval > 0 ? _factor * size / interval : 0);
    }
}
