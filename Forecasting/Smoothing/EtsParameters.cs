namespace Shabou.Forecasting;

/// <summary>Smoothing parameters. Those that a model does not have are 0 (beta, gamma) or 1 (phi).</summary>
/// <param name="Alpha">Share of an error that the level keeps, 0.0001 to 0.9999.</param>
/// <param name="Beta">Share of an error that the slope keeps, 0.0001 to alpha.</param>
/// <param name="Gamma">Share of an error that the season keeps, 0.0001 to 1 - alpha.</param>
/// <param name="Phi">What is left of the slope after a period, 0.8 to 0.98.</param>
/// <remarks>The bounds are those of R's forecast::ets (bounds = "both"): these boxes, and forecastability.</remarks>
public readonly record struct EtsParameters(double Alpha, double Beta, double Gamma, double Phi)
{
    internal const double Least = 1e-4, Most = 0.9999, LeastPhi = 0.8, MostPhi = 0.98;

    /// <summary>Whether old values lose their influence: no root of the discount polynomial lies outside the unit circle.</summary>
    /// <remarks>Hyndman, Akram &amp; Archibald 2008. Within the boxes every model without a season is forecastable; with a season this is tested
    /// on the polynomial of R's <c>admissible</c> by the Schur-Cohn recursion, with the same tolerance (1e-10). Without a trend the
    /// polynomial has a root at exactly 1, which is divided out first.</remarks>
    internal bool Forecastable(EtsModel model, int season)
    {
        if (model.Season == EtsSeason.None) return true;
        var trend = model.Trend != EtsTrend.None;
        var degree = trend ? season + 1 : season;
        Span<double> polynomial = stackalloc double[EtsModel.LongestSeason + 2]; // highest power first
        polynomial[0] = 1;
        if (trend)
        {
            polynomial[1] = Alpha + Beta - Phi;
            polynomial[2..(season + 1)].Fill(Alpha + Beta - Alpha * Phi);
            polynomial[season] += Gamma - 1;
            polynomial[season + 1] = Phi * (1 - Alpha - Gamma);
        }
        else
        {
            polynomial[1..season].Fill(Alpha);
            polynomial[season] = Alpha + Gamma - 1;
        }

        return RootsInside(polynomial[..(degree + 1)]);
    }

    // Step-down recursion: all roots are inside when every reflection coefficient is smaller than 1.
    private static bool RootsInside(Span<double> a)
    {
        var shrink = 1.0;
        for (var i = 1; i < a.Length; i++) a[i] *= shrink /= 1 + 1e-10;
        for (var degree = a.Length - 1; degree > 0; degree--)
        {
            var reflection = a[degree] / a[0];
            if (!(Math.Abs(reflection) < 1)) return false;
            for (int low = 0, high = degree; low < high; low++, high--)
            {
                var (first, last) = (a[low], a[high]);
                a[low] = first - reflection * last;
                a[high] = last - reflection * first;
            }
            if (degree % 2 == 0) a[degree / 2] *= 1 - reflection;
        }

        return true;
    }
}
