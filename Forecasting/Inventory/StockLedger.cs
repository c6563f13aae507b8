namespace Shabou.Forecasting;

/// <summary>One SKU's stock from period to period: receive, order, sell, count. The rules of every simulation are in here.</summary>
/// <remarks>A period: goods due arrive, an order may be placed, demand comes, costs are counted on what is left. An order placed in period t is on hand at the
/// start of period t + lead time; with lead time 0 it serves the same period's demand.</remarks>
/// <param name="leadTime">Periods from an order to its arrival, 0 or more.</param>
/// <param name="opening">Units on hand before the first period.</param>
/// <param name="lostSales">Whether demand that finds no stock is lost; otherwise it waits and is served first.</param>
public sealed class StockLedger(int leadTime, double opening, bool lostSales)
{
    private readonly double[] _transit = new double[leadTime + 1]; // a ring: slot of a period is period mod length
    private int _period;

    /// <summary>Units on hand.</summary>
    public double OnHand { get; private set; } = opening;

    /// <summary>Units owed to customers; always 0 with lost sales.</summary>
    public double Backorders { get; private set; }

    /// <summary>Units ordered and not yet arrived.</summary>
    public double InTransit
    {
        get
        {
            var sum = 0.0;
            foreach (var units in _transit) sum += units;
            return sum;
        }
    }

    /// <summary>On hand + in transit - backorders.</summary>
    public double Position => OnHand + InTransit - Backorders;

    /// <summary>Puts goods on their way that were ordered before the first period.</summary>
    /// <param name="inPeriods">Periods from now until they arrive: 0 is the next arrival, at most the lead time.</param>
    /// <param name="units">0 or more.</param>
    public void Expect(int inPeriods, double units) => _transit[(_period + inPeriods) % _transit.Length] += units;

    /// <summary>Goods due at the start of this period come in; backorders are served from them.</summary>
    public void Receive()
    {
        ref var due = ref _transit[_period % _transit.Length];
        OnHand += due;
        due = 0;
        ServeBackorders();
    }

    /// <summary>Places an order.</summary>
    /// <param name="units">0 or more.</param>
    public void Order(double units)
    {
        if (leadTime > 0)
        {
            Expect(leadTime, units);
            return;
        }

        OnHand += units;
        ServeBackorders();
    }

    /// <summary>Meets this period's demand as far as there is stock and goes on to the next.</summary>
    /// <param name="demand">Units, 0 or more.</param>
    /// <returns>Units that were not served at once.</returns>
    public double Sell(double demand)
    {
        var sold = Math.Min(demand, OnHand);
        OnHand -= sold;
        if (!lostSales) Backorders += demand - sold;
        _period++;
        return demand - sold;
    }

    private void ServeBackorders()
    {
        var served = Math.Min(OnHand, Backorders);
        OnHand -= served;
        Backorders -= served;
    }
}
