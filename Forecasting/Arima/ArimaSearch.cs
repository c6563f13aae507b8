namespace Shabou.Forecasting;

/// <summary>The stepwise search of Hyndman &amp; Khandakar 2008 for the order of least AICc, differences given; starts, neighbours and their
/// sequence are those of R's forecast::auto.arima 8.20.</summary>
internal sealed class ArimaSearch
{
    /// <summary>Models tried at most.</summary>
    public const int MostModels = 94;

    // Changes of (P, Q), then of (p, q), each the first to improve restarts the round.
    private static readonly (int Ar, int Ma)[] Neighbours = [(-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)];

    private readonly ArimaEstimator _estimator;
    private readonly ArimaOrder _most;
    private readonly bool _approximate;
    private readonly List<(ArimaOrder Order, double Criterion)> _tried = [];
    private ArimaEstimate? _best;

    /// <param name="estimator">Of the differenced series.</param>
    /// <param name="most">The largest p, q, P and Q; its differences and season are those of every model. A constant is tried where it can be had.</param>
    /// <param name="approximate">Search by the conditional sum of squares; the best of them is then estimated exactly.</param>
    public ArimaSearch(ArimaEstimator estimator, ArimaOrder most, bool approximate) => (_estimator, _most, _approximate) = (estimator, most, approximate);

    /// <summary>The best model found, or null when none could be estimated.</summary>
    /// <param name="periods">Observed periods; a short series starts smaller.</param>
    public ArimaEstimate? Run(int periods)
    {
        var (ar, seasonal) = periods < 10 ? (1, 0) : (2, 1);
        var at = _most with
        {
            Ar = Math.Min(ar, _most.Ar), Ma = Math.Min(ar, _most.Ma),
            SeasonalAr = Math.Min(seasonal, _most.SeasonalAr), SeasonalMa = Math.Min(seasonal, _most.SeasonalMa), Constant = _most.HasConstant,
        };
        var none = at with { Ar = 0, Ma = 0, SeasonalAr = 0, SeasonalMa = 0 };
        Try(at);
        if (Try(none)) at = none;
        var first = none with { Ar = Math.Min(1, _most.Ar), SeasonalAr = Math.Min(1, _most.SeasonalAr) };
        if (first != none && Try(first)) at = first;
        first = none with { Ma = Math.Min(1, _most.Ma), SeasonalMa = Math.Min(1, _most.SeasonalMa) };
        if (first != none && Try(first)) at = first;
        if (none.Constant && Try(none with { Constant = false })) at = none; // the constant comes back in the rounds
        while (_tried.Count < MostModels && Step(ref at))
        {
        }

        return _approximate ? Exact() : _best;
    }

    private bool Step(ref ArimaOrder at)
    {
        foreach (var (ar, ma) in Neighbours)
            if (Improves(at with { SeasonalAr = at.SeasonalAr + ar, SeasonalMa = at.SeasonalMa + ma }, ref at)) return true;
        foreach (var (ar, ma) in Neighbours)
            if (Improves(at with { Ar = at.Ar + ar, Ma = at.Ma + ma }, ref at)) return true;
        return _most.HasConstant && Improves(at with { Constant = !at.Constant }, ref at);
    }

    private bool Improves(ArimaOrder order, ref ArimaOrder at)
    {
        if (_tried.Count >= MostModels || order.Ar < 0 || order.Ma < 0 || order.SeasonalAr < 0 || order.SeasonalMa < 0
            || order.Ar > _most.Ar || order.Ma > _most.Ma || order.SeasonalAr > _most.SeasonalAr || order.SeasonalMa > _most.SeasonalMa) return false;
        foreach (var tried in _tried)
            if (tried.Order == order) return false;
        if (!Try(order)) return false;
        at = order;
        return true;
    }

    private bool Try(ArimaOrder order)
    {
        var toBeat = _best?.Criterion ?? double.PositiveInfinity;
        var estimate = _approximate ? _estimator.Conditional(order, double.PositiveInfinity) : _estimator.Exact(order, toBeat);
        _tried.Add((order, estimate?.Criterion ?? double.PositiveInfinity));
        if (estimate is null || estimate.Criterion >= toBeat) return false;
        _best = estimate;
        return true;
    }

    // The first, from the best screened on, that has an exact estimate.
    private ArimaEstimate? Exact()
    {
        _tried.Sort((left, right) => left.Criterion.CompareTo(right.Criterion));
        foreach (var (order, criterion) in _tried)
            if (double.IsFinite(criterion) && _estimator.Exact(order) is { } estimate) return estimate;
        return null;
    }
}
