using Shabou.Forecasting;

namespace Shabou.Bench.Forecast;

/// <summary>Decides the orders of all items at the end of a week.</summary>
/// <param name="weeks">Weeks known so far; nothing later may be looked at.</param>
/// <param name="states">Stock and goods in transit per item.</param>
internal delegate double[] Contestant(int weeks, PipelineState[] states);

/// <summary>The game of the VN2 challenge, on any eight weeks of the history.</summary>
/// <remarks>Rules as the organiser published them: an order decided at the end of week x arrives at the start of week x + 3; lost sales; 0.2 per unit left at a week's end, 1 per unit
/// lost; six orders in eight weeks. The opening is made from sales as the organiser made his (his file is reproduced exactly for week 157). The first
/// two weeks cannot be influenced and do not count. A week in which a product was out of stock sells nothing and costs nothing: its demand is not known.</remarks>
internal sealed class Vn2Game(IReadOnlyList<double[]> sales, IReadOnlyList<double[]> inStock)
{
    public const int Weeks = 8;
    private const int Orders = 6;
    private const int LeadTime = 2;

    /// <summary>Sales with NaN where out of stock.</summary>
    public List<double[]> Demand { get; } = [.. sales.Select((s, i) => s.Select((v, t) => inStock[i][t] == 1 ? v : double.NaN).ToArray())];

    /// <summary>Plays the eight weeks after a number of known weeks.</summary>
    public double Play(int known, Contestant contestant)
    {
        var ledgers = sales.Select(s => Open(s[(known - 52)..known].Average())).ToArray();
        var cost = 0.0;
        for (var week = 0; week < Weeks; week++)
        {
            var orders = week < Orders
                ? contestant(known + week, [.. ledgers.Select(l => new PipelineState(l.OnHand, [l.Due(0), l.Due(1)]))])
                : new double[ledgers.Length];
            for (var i = 0; i < ledgers.Length; i++)
            {
                ledgers[i].Receive();
                ledgers[i].Order(orders[i]);
                var demand = Demand[i][known + week];
                var lost = ledgers[i].Sell(double.IsNaN(demand) ? 0 : demand);
                if (week >= LeadTime && !double.IsNaN(demand)) cost += 0.2 * ledgers[i].OnHand + lost;
            }
        }

        return cost;
    }

    private static StockLedger Open(double weekly)
    {
        var stock = Math.Max(1, Math.Ceiling(weekly));
        var ledger = new StockLedger(LeadTime, stock, lostSales: true);
        ledger.Expect(1, Math.Max(0, Math.Round(2 * weekly - stock)));
        return ledger;
    }
}
