namespace Shabou.Forecasting;

/// <summary>TSB with the pair of smoothing constants that has the smallest squared one-step errors on the history. Flat; decays while no demand comes.</summary>
/// <remarks>Teunter, Syntetos &amp; Babai 2011; on the choice of constants Kourentzes 2014. Both come from <see cref="Constants"/>; of equal
/// errors the smaller constants win. The start is that of <see cref="TeunterSyntetosBabai"/>.</remarks>
public sealed class OptimisedTeunterSyntetosBabai : IForecastMethod
{
    /// <summary>What is tried for sizes and for the probability; 36 passes over the history.</summary>
    public static ReadOnlySpan<double> Constants => [.02, .05, .1, .15, .2, .3];

    public string Name => "tsb-optimised";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        Span<double> buffer = history.Length <= 512 ? stackalloc double[history.Length] : new double[history.Length];
        var observed = buffer[..MissingValues.Skip(history, buffer)];
        var (best, bestSize, bestProbability) = (double.PositiveInfinity, Constants[0], Constants[0]);
        foreach (var probability in Constants)
        {
            foreach (var size in Constants)
            {
                var error = TeunterSyntetosBabai.SquaredError(observed, size, probability);
                if (error < best) (best, bestSize, bestProbability) = (error, size, probability);
            }
        }

        new TeunterSyntetosBabai(bestSize, bestProbability).Forecast(history, season, mean);
    }
}
