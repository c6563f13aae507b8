namespace Shabou.Forecasting;

/// <summary>A distribution known by some of its quantiles: straight lines between them.</summary>
/// <remarks>Below the lowest level demand is that level's value. Above the highest the tail is exponential and goes through the last two
/// quantiles that differ: Q(p) = v + b ln((1 - q) / (1 - p)), b their distance over ln((1 - q') / (1 - q)); so a level that was never
/// forecast still asks for more stock, and shortages have closed forms. Integrals of Q give mean, variance and shortage.</remarks>
public sealed class QuantileCurve : IDemandDistribution
{
    private readonly double[] _levels;
    private readonly double[] _values;
    private readonly double _tail; // mean excess over the last value, units

    /// <param name="levels">Ascending, inside (0, 1), at least one.</param>
    /// <param name="values">Units, as many; one that is negative counts as 0, one below its predecessor as that.</param>
    /// <exception cref="ArgumentException">No level, levels that do not ascend inside (0, 1), another number of values, or a value that is not finite.</exception>
    public QuantileCurve(ReadOnlySpan<double> levels, ReadOnlySpan<double> values)
    {
        if (levels.Length == 0 || levels.Length != values.Length) throw new ArgumentException("As many values as levels are needed, at least one.", nameof(values));
        (_levels, _values) = (levels.ToArray(), new double[values.Length]);
        for (var i = 0; i < values.Length; i++)
        {
            if (!(levels[i] > (i > 0 ? levels[i - 1] : 0) && levels[i] < 1)) throw new ArgumentException("Levels must ascend inside (0, 1).", nameof(levels));
            if (!double.IsFinite(values[i])) throw new ArgumentException("Values must be finite.", nameof(values));
            _values[i] = Math.Max(values[i], i > 0 ? _values[i - 1] : 0);
        }

        _tail = Tail();
        Mean = Shortage(0);
        Variance = Spread();
    }

    public double Mean { get; }

    public double Variance { get; }

    public double Cdf(double units)
    {
        if (units < _values[0]) return 0;
        var last = _values.Length - 1;
        if (units >= _values[last]) return _tail > 0 ? 1 - (1 - _levels[last]) * Math.Exp(-(units - _values[last]) / _tail) : 1;
        var i = last;
        while (_values[i] > units) i--; // so _values[i] <= units < _values[i + 1]
        return _levels[i] + (_levels[i + 1] - _levels[i]) * (units - _values[i]) / (_values[i + 1] - _values[i]);
    }

    public double Quantile(double level)
    {
        level = DemandLevel.Of(level);
        var last = _levels.Length - 1;
        if (level <= _levels[0]) return _values[0];
        if (level >= _levels[last]) return _values[last] + _tail * Math.Log((1 - _levels[last]) / (1 - level));
        var i = 0;
        while (_levels[i + 1] < level) i++;
        return _values[i] + (_values[i + 1] - _values[i]) * (level - _levels[i]) / (_levels[i + 1] - _levels[i]);
    }

    public double Shortage(double stock)
    {
        var last = _levels.Length - 1;
        var sum = _levels[0] * Math.Max(0, _values[0] - stock);
        for (var i = 0; i < last; i++)
        {
            double width = _levels[i + 1] - _levels[i], low = _values[i] - stock, high = _values[i + 1] - stock;
            if (low >= 0) sum += width * (low + high) / 2;
            else if (high > 0) sum += width * high / (high - low) * high / 2; // the line crosses the stock: a triangle is left
        }

        var above = 1 - _levels[last];
        return sum + (stock <= _values[last] ? above * (_values[last] - stock + _tail)
            : _tail > 0 ? above * _tail * Math.Exp(-(stock - _values[last]) / _tail) : 0);
    }

    /// <summary>Means and variances add up; the shape is kept, which is wide rather than narrow: sums are nearer to the normal.</summary>
    public IDemandDistribution Sum(double intervals)
    {
        var values = new double[_values.Length];
        for (var i = 0; i < values.Length; i++) values[i] = Math.Max(0, intervals * Mean + Math.Sqrt(intervals) * (_values[i] - Mean));
        return new QuantileCurve(_levels, values);
    }

    private double Tail()
    {
        var last = _levels.Length - 1;
        for (var i = last - 1; i >= 0; i--)
            if (_values[i] < _values[last]) return (_values[last] - _values[i]) / Math.Log((1 - _levels[i]) / (1 - _levels[last]));
        return 0;
    }

    private double Spread()
    {
        var last = _levels.Length - 1;
        var sum = _levels[0] * Squared(_values[0]) + (1 - _levels[last]) * (Squared(_values[last] + _tail) + _tail * _tail);
        for (var i = 0; i < last; i++)
        {
            double low = _values[i] - Mean, high = _values[i + 1] - Mean;
            sum += (_levels[i + 1] - _levels[i]) * (low * low + low * high + high * high) / 3;
        }

        return sum;

        double Squared(double value) => (value - Mean) * (value - Mean);
    }
}
