namespace Shabou.Forecasting;

/// <summary>How fast <see cref="PooledLevels"/> forgets and how much it trusts the crowd.</summary>
/// <param name="Discount">Weight of a period relative to the one after it, in (0, 1]; half-life ln 2 / -ln discount periods.</param>
/// <param name="SpreadDiscount">The same for squared errors, which need longer to be learned.</param>
/// <param name="SpreadEvents">How many demand events of average size the pooled dispersion weighs in each item's.</param>
public sealed record PooledLevelSettings(double Discount, double SpreadDiscount, double SpreadEvents);

/// <summary>Levels and dispersions of many items learned together, period by period: each item's own discounted past, shrunk towards all.</summary>
/// <remarks>
/// Level: empirical-Bayes gamma-Poisson (Robbins 1956; discounting after West &amp; Harrison 1997): demand ~ level x exposure, level ~ gamma with
/// prior mean m and prior weight b; posterior mean (b m + S) / (b + W), S and W the discounted sums of demand and exposure. m and b come from the
/// moments of S / W over all items at every step, so nothing is tuned by hand. Dispersion: variance = phi x mean; phi is the ratio of discounted
/// squared one-step errors to discounted forecasts, shrunk towards that of all items.
/// The exposure of a period is its seasonal index times whatever else scales it; 1 for none. A period of exposure above 1 is divided by it before it is added
/// up, so it says no more than an ordinary one: the height of a peak is itself uncertain, and the weeks after Christmas should not pay for that. Missing
/// demand (NaN) adds to no sum but ages the level.
/// Mutable while learning; one thread. Cost: a few nanoseconds an item and period.
/// </remarks>
public sealed class PooledLevels
{
    private readonly PooledLevelSettings _settings;
    private readonly double[] _demand;
    private readonly double[] _exposure;
    private readonly double[] _squares;
    private readonly double[] _forecasts;
    private int _periods;

    /// <param name="items">How many.</param>
    /// <param name="settings">Memory and trust.</param>
    public PooledLevels(int items, PooledLevelSettings settings)
    {
        _settings = settings;
        (_demand, _exposure, _squares, _forecasts) = (new double[items], new double[items], new double[items], new double[items]);
    }

    /// <summary>Mean of the prior: the level of an item nothing is known of.</summary>
    public double PriorMean { get; private set; }

    /// <summary>Periods of exposure that the prior weighs in every level.</summary>
    public double PriorWeight { get; private set; } = 1;

    /// <summary>Variance / mean of all items together, at least 1.</summary>
    public double Dispersion { get; private set; } = 1;

    /// <summary>Expected demand of an item at exposure 1.</summary>
    public double Level(int item) => PriorWeight + _exposure[item] > 0
        ? (PriorWeight * PriorMean + _demand[item]) / (PriorWeight + _exposure[item]) : 0;

    /// <summary>Periods of exposure behind <see cref="Level"/>, prior included: the level's own variance is level x dispersion / weight.</summary>
    public double Weight(int item) => PriorWeight + _exposure[item];

    /// <summary>Variance / mean of one period of an item, at least 1.</summary>
    public double DispersionOf(int item)
    {
        var trust = _settings.SpreadEvents * Dispersion;
        return Math.Max(1, (trust * Dispersion + _squares[item]) / (trust + _forecasts[item]));
    }

    /// <summary>Takes in one period of all items.</summary>
    /// <param name="demand">Units per item; NaN where missing, negative counts as 0.</param>
    /// <param name="exposure">Per item, more than 0; 1 for an ordinary period.</param>
    public void Learn(ReadOnlySpan<double> demand, ReadOnlySpan<double> exposure)
    {
        for (var i = 0; i < _demand.Length; i++)
        {
            var peak = Math.Max(1, exposure[i]);
            if (_periods > 0)
            {
                var decay = double.IsNaN(demand[i]) ? 1 : _settings.SpreadDiscount;
                (_squares[i], _forecasts[i]) = (_squares[i] * decay, _forecasts[i] * decay);
                if (!double.IsNaN(demand[i]))
                {
                    var expected = Level(i) * exposure[i];
                    var error = Math.Max(0, demand[i]) - expected;
                    _squares[i] += error * error / (peak * peak);
                    _forecasts[i] += expected / (peak * peak);
                }
            }

            (_demand[i], _exposure[i]) = (_demand[i] * _settings.Discount, _exposure[i] * _settings.Discount);
            if (double.IsNaN(demand[i])) continue;
            _demand[i] += Math.Max(0, demand[i]) / peak;
            _exposure[i] += exposure[i] / peak;
        }

        _periods++;
        Pool();
    }

    // Moments over the items, always added in item order.
    private void Pool()
    {
        double demand = 0, exposure = 0, squares = 0, forecasts = 0, known = 0;
        for (var i = 0; i < _demand.Length; i++)
        {
            (demand, exposure) = (demand + _demand[i], exposure + _exposure[i]);
            (squares, forecasts) = (squares + _squares[i], forecasts + _forecasts[i]);
            if (_exposure[i] > 0) known++;
        }

        if (!(exposure > 0 && demand > 0)) return;
        PriorMean = demand / exposure;
        Dispersion = forecasts > 0 ? Math.Max(1, squares / forecasts) : 1;
        var between = 0.0;
        for (var i = 0; i < _demand.Length; i++)
        {
            if (!(_exposure[i] > 0)) continue;
            var distance = _demand[i] / _exposure[i] - PriorMean;
            between += _exposure[i] / exposure * distance * distance;
        }

        // What is left of the spread between items when that of chance is taken out; never so little that all items count as one.
        var noise = Dispersion * PriorMean * known / exposure;
        PriorWeight = Dispersion / Math.Max(0.1 * PriorMean, (between - noise) / PriorMean);
    }
}
