namespace Shabou.Forecasting;

/// <summary>TSB: the probability of a demand is smoothed every period, its size at demands; the forecast is their product, flat. Unlike
/// Croston's it decays while no demand comes, so a part that died is let go.</summary>
/// <remarks>Teunter, Syntetos &amp; Babai 2011. The paper leaves the start open; here the size starts at the mean of the first three
/// demands and the probability at the share of all periods that have demand. Missing periods are skipped. Without any demand the
/// forecast is zero.</remarks>
/// <param name="sizeAlpha">Smoothing constant of sizes, 0.1 by default.</param>
/// <param name="probabilityAlpha">Smoothing constant of the probability, 0.1 by default.</param>
public sealed class TeunterSyntetosBabai(double sizeAlpha = 0.1, double probabilityAlpha = 0.1) : IForecastMethod
{
    private const int FirstDemands = 3;

    public string Name => "tsb";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        Span<double> buffer = history.Length <= 512 ? stackalloc double[history.Length] : new double[history.Length];
        var observed = buffer[..MissingValues.Skip(history, buffer)];
        var (size, probability) = Start(observed);
        foreach (var value in observed)
        {
            if (value > 0) size += sizeAlpha * (value - size);
            probability += probabilityAlpha * ((value > 0 ? 1 : 0) - probability);
        }

        mean.Fill(size * probability);
    }

    /// <summary>Mean squared one-step error over observed periods (no NaN, at least one).</summary>
    internal static double SquaredError(ReadOnlySpan<double> observed, double sizeAlpha = 0.1, double probabilityAlpha = 0.1)
    {
        var (size, probability) = Start(observed);
        var sum = 0.0;
        foreach (var value in observed)
        {
            var error = value - size * probability;
            sum += error * error;
            if (value > 0) size += sizeAlpha * (value - size);
            probability += probabilityAlpha * ((value > 0 ? 1 : 0) - probability);
        }

        return sum / observed.Length;
    }

    /// <summary>Where smoothing starts: the same for all constants.</summary>
    internal static (double Size, double Probability) Start(ReadOnlySpan<double> observed)
    {
        int sizes = 0, demands = 0;
        double size = 0;
        foreach (var value in observed)
        {
            if (value <= 0) continue;
            demands++;
            if (sizes == FirstDemands) continue;
            sizes++;
            size += value;
        }

        return (sizes > 0 ? size / sizes : 0, (double)demands / observed.Length);
    }
}
