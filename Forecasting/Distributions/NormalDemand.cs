namespace Shabou.Forecasting;

/// <summary>Normal demand of which the part below zero counts as no demand: max(0, N(location, deviation)).</summary>
/// <remarks>Above zero every textbook formula of the normal distribution holds unchanged, so quantiles and shortages agree with Silver, Pyke
/// &amp; Thomas 2017, appendix II: E[(D - s)+] = deviation G(k), k = (s - location) / deviation, G(k) = phi(k) - k (1 - Phi(k)).
/// <see cref="Mean"/> is that of the cut distribution: location + deviation G(location / deviation), above the location.</remarks>
public sealed class NormalDemand : IDemandDistribution
{
    private readonly double _location;
    private readonly double _deviation;

    /// <param name="location">Mean before the cut, units; may be negative.</param>
    /// <param name="deviation">Standard deviation before the cut, units; 0 makes demand certain.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not finite, or a negative deviation.</exception>
    public NormalDemand(double location, double deviation)
    {
        if (!double.IsFinite(location)) throw new ArgumentOutOfRangeException(nameof(location), location, "Must be finite.");
        _location = location;
        _deviation = DemandLevel.Moment(deviation, nameof(deviation));
        Mean = Shortage(0);
        var k = deviation > 0 ? location / deviation : 0;
        // E[max(0, X)^2] = (location^2 + deviation^2) Phi(k) + location deviation phi(k)
        var square = deviation > 0
            ? (location * location + deviation * deviation) * NormalDistribution.Cumulative(k) + location * deviation * NormalDistribution.Density(k)
            : Mean * Mean;
        Variance = k > 8 ? deviation * deviation : Math.Max(0, square - Mean * Mean);
    }

    public double Mean { get; }

    public double Variance { get; }

    public double Cdf(double units) => units < 0 ? 0
        : _deviation > 0 ? NormalDistribution.Cumulative((units - _location) / _deviation)
        : units >= _location ? 1 : 0;

    public double Quantile(double level)
    {
        level = DemandLevel.Of(level);
        return level < 1e-9 ? 0 : Math.Max(0, _location + _deviation * NormalDistribution.Quantile(level));
    }

    public double Shortage(double stock)
    {
        if (stock < 0) return Mean - stock;
        if (!(_deviation > 0)) return Math.Max(0, _location - stock);
        var k = (stock - _location) / _deviation;
        return Math.Max(0, _deviation * (NormalDistribution.Density(k) - k * NormalDistribution.Cumulative(-k)));
    }

    /// <summary>Locations and variances before the cut add up.</summary>
    public IDemandDistribution Sum(double intervals) => new NormalDemand(_location * intervals, _deviation * Math.Sqrt(intervals));
}
