using System.Globalization;

namespace Shabou.Forecasting;

/// <summary>What stock is for. Each kind finds its order-up-to level in the demand of lead time plus review.</summary>
public abstract record StockTarget
{
    private StockTarget()
    {
    }

    /// <summary>The level, units, not rounded.</summary>
    /// <param name="demand">Over lead time plus review: an order placed now must last until the next one arrives.</param>
    /// <param name="reviewDemand">Expected units of one review period: the demand of one replenishment cycle. Used by <see cref="FillRate"/> only.</param>
    /// <exception cref="ArgumentOutOfRangeException">The target itself is out of its range.</exception>
    public abstract double Level(IDemandDistribution demand, double reviewDemand);

    /// <summary>For the sentence that explains an order: <c>95 % of the units at once</c>.</summary>
    public abstract string Describe();

    /// <summary>Share of cycles without a shortage (P1, alpha).</summary>
    /// <param name="Share">In [0, 1].</param>
    public sealed record CycleService(double Share) : StockTarget
    {
        public override double Level(IDemandDistribution demand, double reviewDemand) => demand.Quantile(Share);

        public override string Describe() => string.Create(CultureInfo.InvariantCulture, $"no shortage in {Share * 100:0.##} % of the cycles");
    }

    /// <summary>Share of the demanded units that are served from the shelf (P2, beta).</summary>
    /// <remarks>Solves E[(D - S)+] = (1 - share) E[demand of a cycle] (Silver, Pyke &amp; Thomas 2017, ch. 6; the shortage that a cycle inherits from
    /// the one before is neglected, which errs towards more stock). Bisection: the shortage falls in S. A share of 1 counts as 1 - 1e-6.</remarks>
    /// <param name="Share">In [0, 1].</param>
    public sealed record FillRate(double Share) : StockTarget
    {
        public override double Level(IDemandDistribution demand, double reviewDemand)
        {
            var lack = (1 - Math.Min(DemandLevel.Of(Share), 1 - 1e-6)) * reviewDemand;
            if (!(reviewDemand > 0) || demand.Shortage(0) <= lack) return 0;
            double low = 0, high = Math.Max(demand.Mean, 1e-9);
            for (var i = 0; i < 100 && demand.Shortage(high) > lack; i++) (low, high) = (high, 2 * high);
            for (var i = 0; i < 100 && high - low > 1e-9 * high; i++)
            {
                var middle = low + (high - low) / 2;
                if (demand.Shortage(middle) > lack) low = middle;
                else high = middle;
            }

            return high;
        }

        public override string Describe() => string.Create(CultureInfo.InvariantCulture, $"{Share * 100:0.##} % of the units served at once");
    }

    /// <summary>The cheapest level: the newsvendor's critical ratio shortage / (shortage + holding) (Arrow, Harris &amp; Marschak 1951).</summary>
    /// <param name="Holding">Cost of a unit left at the end of a review period, more than 0.</param>
    /// <param name="Shortage">Cost of a unit lacking at the end of a review period (backorders) or lost (lost sales), 0 or more, same currency.</param>
    public sealed record Costs(double Holding, double Shortage) : StockTarget
    {
        /// <summary>The cycle service level at which one more unit costs as much as it saves.</summary>
        /// <exception cref="ArgumentOutOfRangeException">A cost out of its range.</exception>
        public double Ratio => Holding > 0 && Shortage >= 0 && double.IsFinite(Holding) && double.IsFinite(Shortage)
            ? Shortage / (Shortage + Holding)
            : throw new ArgumentOutOfRangeException(nameof(Holding), Holding, $"Holding must cost more than 0 and shortage (here {Shortage}) 0 or more.");

        public override double Level(IDemandDistribution demand, double reviewDemand) => demand.Quantile(Ratio);

        public override string Describe() =>
            string.Create(CultureInfo.InvariantCulture, $"the lowest cost, {Holding:0.###} to hold and {Shortage:0.###} to lack a unit ({Ratio * 100:0.#} % of the cycles served)");
    }
}
