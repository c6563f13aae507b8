namespace Shabou.Forecasting;

/// <summary>How demand behaves: how often it comes and how much its size varies.</summary>
public enum DemandClass
{
    /// <summary>Often, in similar sizes.</summary>
    Smooth,

    /// <summary>Seldom, in similar sizes. Also a series without any demand.</summary>
    Intermittent,

    /// <summary>Often, in very different sizes.</summary>
    Erratic,

    /// <summary>Seldom, in very different sizes.</summary>
    Lumpy,
}

/// <summary>The figures behind a <see cref="DemandClass"/>.</summary>
/// <param name="Interval">ADI: observed periods per period with demand; infinite without demand.</param>
/// <param name="SizeVariation">CV2: squared coefficient of variation of the demand sizes (population variance).</param>
/// <remarks>Cut-offs 1.32 and 0.49: Syntetos, Boylan &amp; Croston 2005, On the categorization of demand patterns.</remarks>
public readonly record struct DemandProfile(double Interval, double SizeVariation)
{
    public const double IntervalCutOff = 1.32;
    public const double SizeVariationCutOff = 0.49;

    public DemandClass Class => (Interval >= IntervalCutOff, SizeVariation >= SizeVariationCutOff) switch
    {
        (false, false) => DemandClass.Smooth,
        (true, false) => DemandClass.Intermittent,
        (false, true) => DemandClass.Erratic,
        (true, true) => DemandClass.Lumpy,
    };

    /// <summary>Measures a history; missing periods do not count.</summary>
    public static DemandProfile Of(ReadOnlySpan<double> history)
    {
        int periods = 0, demands = 0;
        double mean = 0, squares = 0;
        foreach (var value in history)
        {
            if (double.IsNaN(value)) continue;
            periods++;
            if (value <= 0) continue;
            demands++;
            var difference = value - mean; // Welford: one pass, no cancellation
            mean += difference / demands;
            squares += difference * (value - mean);
        }

        return demands == 0 ? new(double.PositiveInfinity, 0) : new((double)periods / demands, squares / demands / (mean * mean));
    }
}
