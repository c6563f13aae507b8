namespace Shabou.Forecasting;

/// <summary>Demand that was seen or simulated: every sample has the same probability. No demand above the largest sample.</summary>
public sealed class EmpiricalDemand : IDemandDistribution
{
    private readonly double[] _sorted;
    private readonly double[] _above; // sum of the samples from an index on

    /// <param name="samples">Units, in any order; negative ones count as 0, missing ones (NaN) are left out.</param>
    /// <exception cref="ArgumentException">No finite sample.</exception>
    public EmpiricalDemand(ReadOnlySpan<double> samples)
    {
        var kept = new double[samples.Length];
        var count = 0;
        foreach (var sample in samples)
            if (double.IsFinite(sample)) kept[count++] = Math.Max(0, sample);
        if (count == 0) throw new ArgumentException("There is no finite sample; a distribution needs at least one.", nameof(samples));
        _sorted = kept[..count];
        Array.Sort(_sorted);
        _above = new double[count + 1];
        for (var i = count - 1; i >= 0; i--) _above[i] = _above[i + 1] + _sorted[i];
        Mean = _above[0] / count;
        foreach (var sample in _sorted) Variance += (sample - Mean) * (sample - Mean) / count;
    }

    public double Mean { get; }

    public double Variance { get; }

    public double Cdf(double units) => (double)UpTo(units) / _sorted.Length;

    public double Quantile(double level) =>
        _sorted[Math.Clamp((int)Math.Ceiling(DemandLevel.Of(level) * _sorted.Length - 1e-9) - 1, 0, _sorted.Length - 1)];

    public double Shortage(double stock)
    {
        var first = UpTo(stock);
        return Math.Max(0, (_above[first] - stock * (_sorted.Length - first)) / _sorted.Length);
    }

    /// <summary>By moments: a gamma distribution, since the samples of a sum are not known.</summary>
    public IDemandDistribution Sum(double intervals) => intervals == 1 ? this : new GammaDemand(Mean * intervals, Variance * intervals);

    private int UpTo(double units)
    {
        int low = 0, high = _sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_sorted[middle] <= units) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
