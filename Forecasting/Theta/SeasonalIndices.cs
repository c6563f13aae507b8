using System.Runtime.InteropServices;

namespace Shabou.Forecasting;

/// <summary>The seasonality test and the classical multiplicative decomposition that the Theta method uses.</summary>
public static class SeasonalIndices
{
    /// <summary>Whether the autocorrelation at the seasonal lag is significant at 90 % (Assimakopoulos &amp; Nikolopoulos 2000):
    /// |r(m)| &gt; 1.645 sqrt((1 + 2 (r(1)^2 + ... + r(m-1)^2)) / n).</summary>
    /// <returns>False for a constant series and for one of two seasons or less.</returns>
    public static bool IsSeasonal(ReadOnlySpan<double> series, int season) => Lanes1.Any(SeasonalLanes.IsSeasonal(SeasonalLanes.Scalar(series), season));

    /// <summary>Writes one index per season position (position of t is t mod season, mean index 1): the mean ratio of the series to
    /// its centred moving average.</summary>
    /// <returns>False when an index is (nearly) zero or cannot be computed, so that dividing by it makes no sense.</returns>
    public static bool TryDecompose(ReadOnlySpan<double> series, int season, Span<double> indices) =>
        Lanes1.Any(SeasonalLanes.TryDecompose(SeasonalLanes.Scalar(series), season, MemoryMarshal.Cast<double, Lanes1>(indices)));
}
