using System.Collections.Immutable;

namespace Shabou.Forecasting;

/// <summary>How a one-step error enters: as units (A) or as a share of the forecast (M, strictly positive data only).</summary>
public enum EtsError { Additive, Multiplicative }

/// <summary>The trend: none (N), a straight line (A), or a line whose slope shrinks by phi every period (Ad).</summary>
public enum EtsTrend { None, Additive, Damped }

/// <summary>The season: none (N), units added (A), or a factor (M).</summary>
public enum EtsSeason { None, Additive, Multiplicative }

/// <summary>One of the exponential smoothing models in state space form.</summary>
/// <remarks>Hyndman, Koehler, Snyder &amp; Grose 2002; Hyndman, Koehler, Ord &amp; Snyder 2008, ch. 2. The fifteen of <see cref="Admissible"/> are those
/// that R's forecast::ets tries by default: an additive error with a multiplicative season has unbounded variance, and multiplicative
/// trends are left out.</remarks>
public readonly record struct EtsModel(EtsError Error, EtsTrend Trend, EtsSeason Season)
{
    /// <summary>Longest cycle that is modelled, in periods; a longer one is ignored, as in R.</summary>
    public const int LongestSeason = 24;

    /// <summary>All models that may be chosen, in the order in which equal ones are preferred.</summary>
    public static ImmutableArray<EtsModel> Admissible { get; } = [.. All()];

    /// <summary>For example <c>ETS(M,Ad,A)</c>.</summary>
    public string Name => $"ETS({Letter(Error == EtsError.Additive)},{Trend switch { EtsTrend.None => "N", EtsTrend.Additive => "A", _ => "Ad" }},"
        + $"{(Season == EtsSeason.None ? "N" : Letter(Season == EtsSeason.Additive))})";

    /// <summary>Smoothing parameters that are estimated: alpha, and beta, gamma, phi where the model has them.</summary>
    public int SmoothingParameters => 1 + (Trend == EtsTrend.None ? 0 : 1) + (Season == EtsSeason.None ? 0 : 1) + (Trend == EtsTrend.Damped ? 1 : 0);

    /// <summary>Everything that is estimated but the variance: smoothing parameters, first level, first slope, and season - 1 first indices.</summary>
    /// <param name="season">Periods of the cycle.</param>
    public int Parameters(int season) =>
        SmoothingParameters + 1 + (Trend == EtsTrend.None ? 0 : 1) + (Season == EtsSeason.None ? 0 : season - 1);

    private static string Letter(bool additive) => additive ? "A" : "M";

    private static IEnumerable<EtsModel> All()
    {
        foreach (var error in Enum.GetValues<EtsError>())
            foreach (var trend in Enum.GetValues<EtsTrend>())
                foreach (var season in Enum.GetValues<EtsSeason>())
                    if (error == EtsError.Multiplicative || season != EtsSeason.Multiplicative) yield return new(error, trend, season);
    }
}
