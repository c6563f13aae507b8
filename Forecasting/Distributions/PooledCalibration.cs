namespace Shabou.Forecasting;

/// <summary>Learns from past forecasts of many items what their levels were worth, and corrects new ones: a level of 99 % then serves 99 % of the
/// windows of items of that size.</summary>
/// <remarks>A conformal correction (Vovk, Gammerman &amp; Shafer 2005) on the scale of probability: for a past window that needed D units the forecast would have been
/// enough at any level above F(D - 1); the p-quantile of these over the windows of like items is the level that serves a share p of them. Items are alike whose expected demand
/// falls into the same of some equally large groups. Beyond the last five windows the tail keeps the forecast's own shape.</remarks>
public sealed class PooledCalibration
{
    private const int FewestWindows = 200; // a group of fewer is left as forecast
    private const int TailWindows = 5;

    private readonly double[] _edges;
    private readonly double[][] _needed;

    private PooledCalibration(double[] edges, double[][] needed) => (_edges, _needed) = (edges, needed);

    /// <summary>Learns from whole-unit forecasts and what then came.</summary>
    /// <param name="forecasts">Of past windows.</param>
    /// <param name="actual">Units of the same windows; NaN where not known, which is left out.</param>
    /// <param name="groups">How many sizes of demand are told apart, 1 or more. Default 8: more even than 1 or 4 on the training parts of carparts and RAF.</param>
    /// <exception cref="ArgumentException">Not as many windows as forecasts.</exception>
    public static PooledCalibration Of(IReadOnlyList<IDemandDistribution> forecasts, IReadOnlyList<double> actual, int groups = 8)
    {
        if (forecasts.Count != actual.Count) throw new ArgumentException("Each forecast needs what came.", nameof(actual));
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        var means = new double[forecasts.Count];
        for (var i = 0; i < means.Length; i++) means[i] = forecasts[i].Mean;
        Array.Sort(means);
        var edges = new double[means.Length > 0 ? groups - 1 : 0];
        for (var g = 0; g < edges.Length; g++) edges[g] = means[(int)((long)means.Length * (g + 1) / groups)];

        var needed = new List<double>[edges.Length + 1];
        for (var g = 0; g < needed.Length; g++) needed[g] = [];
        for (var i = 0; i < forecasts.Count; i++)
            if (!double.IsNaN(actual[i])) needed[Group(edges, forecasts[i].Mean)].Add(forecasts[i].Cdf(Math.Ceiling(actual[i]) - 1));
        foreach (var group in needed) group.Sort();
        return new(edges, Array.ConvertAll(needed, group => group.ToArray()));
    }

    /// <summary>The forecast with its levels corrected; itself where its group has too few windows.</summary>
    public IDemandDistribution Apply(IDemandDistribution forecast)
    {
        var needed = _needed[Group(_edges, forecast.Mean)];
        return needed.Length < FewestWindows ? forecast : new CalibratedDemand(forecast, needed, TailWindows);
    }

    private static int Group(double[] edges, double mean)
    {
        var group = 0;
        while (group < edges.Length && mean >= edges[group]) group++;
        return group;
    }
}

/// <summary>A forecast whose levels mean what past windows showed.</summary>
/// <param name="forecast">The forecast.</param>
/// <param name="needed">Levels that past windows needed, ascending, more than the tail's.</param>
/// <param name="tailWindows">Windows at the top that only say how heavy the tail is.</param>
internal sealed class CalibratedDemand(IDemandDistribution forecast, double[] needed, int tailWindows) : IDemandDistribution
{
    private const double Above = 1e-9; // a window is served by any level above the one it needed

    public double Mean => Shortage(0);

    public double Variance
    {
        get
        {
            var (mean, sum) = (Mean, 0.0);
            Integrate((quantile, width) => sum += width * (quantile - mean) * (quantile - mean));
            return sum;
        }
    }

    public double Quantile(double level) => forecast.Quantile(Math.Min(1, Needed(DemandLevel.Of(level)) + Above));

    /// <inheritdoc/>
    /// <remarks>By bisection of <see cref="Quantile"/>'s levels, to about 1e-9.</remarks>
    public double Cdf(double units)
    {
        var reached = forecast.Cdf(units);
        if (units >= 0 && reached >= 1 - 2 * Above) return 1; // no quantile is higher, whatever was needed
        if (units < 0 || Needed(0) + Above > reached) return 0;
        double low = 0, high = 1;
        for (var i = 0; i < 40; i++)
        {
            var middle = (low + high) / 2;
            if (Needed(middle) + Above <= reached) low = middle;
            else high = middle;
        }

        return high;
    }

    /// <inheritdoc/>
    /// <remarks>The integral of the quantiles over 180 strips that are narrower towards the top; right to about a hundredth.</remarks>
    public double Shortage(double stock)
    {
        var sum = 0.0;
        Integrate((quantile, width) => sum += width * Math.Max(0, quantile - stock));
        return stock < 0 ? Shortage(0) - stock : sum;
    }

    /// <summary>By moments: a negative binomial, since the correction was learned for one interval.</summary>
    public IDemandDistribution Sum(double intervals) => intervals == 1 ? this : CountDemand.NegativeBinomial(Mean * intervals, Variance * intervals);

    private double Needed(double level)
    {
        var tail = 1 - (double)tailWindows / needed.Length;
        if (level > tail) return 1 - (1 - At(tail)) * (1 - level) / (1 - tail);
        return At(level);

        double At(double share)
        {
            var position = share * (needed.Length - 1);
            var index = Math.Min((int)position, needed.Length - 2);
            return needed[index] + (position - index) * (needed[index + 1] - needed[index]);
        }
    }

    private void Integrate(Action<double, double> add)
    {
        const int Strips = 20;
        for (double from = 0, to = .9; from < 1 - 2e-9; (from, to) = (to, 1 - (1 - to) / 10))
            for (var i = 0; i < Strips; i++)
                add(Quantile(from + (to - from) * (i + .5) / Strips), (to - from) / Strips);
    }
}
