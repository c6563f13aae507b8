namespace Shabou.Forecasting;

/// <summary>The order that serves the first week it can reach at the lowest expected cost, when sales are lost until then.</summary>
/// <remarks>The newsvendor with what is on the shelf and on its way (Morton 1971; Zipkin 2008, Old and new methods for lost-sales inventory systems: the
/// myopic policy). What is left when the order arrives is not position less demand, since demand that found no stock took nothing: the
/// distribution of stock is carried from week to week instead, exactly, by convolution. The order is the smallest q with P(demand of the week of arrival &lt;= stock left + q) &gt;=
/// shortage / (shortage + holding). A unit left over is not wasted, the next order will be smaller, so one week's costs decide.</remarks>
public static class LostSalesOrder
{
    private const int LargestStock = 2_000;
    private const int LargestOrder = 1_000_000;

    /// <summary>Decides one SKU.</summary>
    /// <param name="arrivals">Units on hand from the start of week 1, that is stock plus what then arrives; then arrivals of weeks 2 to lead time; 0 or more.</param>
    /// <param name="means">Expected demand per week, one more than arrivals: the last is the week that the order can serve.</param>
    /// <param name="dispersion">Variance / mean of a week, at least 1; it should hold what is uncertain of the mean as well, as one-step errors do.</param>
    /// <param name="ratio">The critical ratio, in (0, 1).</param>
    /// <returns>Units to order, whole, 0 or more.</returns>
    /// <remarks>Stock above 2,000 units and weeks above 200 are counted in lots, so that cost stays bounded.</remarks>
    public static double Units(ReadOnlySpan<double> arrivals, ReadOnlySpan<double> means, double dispersion, double ratio)
    {
        var total = 0.0;
        foreach (var units in arrivals) total += units;
        var lot = Math.Max(1, Math.Max(total / LargestStock, means[^1] / CountDemand.LargestMean));
        var stock = Stock(arrivals, means, dispersion, lot);
        var demand = Weekly(means[^1], dispersion, lot);

        int low = -1, high = 0; // in lots; the probability rises with the order
        while (high < LargestOrder && Served(stock, demand, high) < ratio) (low, high) = (high, 2 * high + 1);
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (Served(stock, demand, middle) < ratio) low = middle;
            else high = middle;
        }

        return Math.Ceiling(high * lot - 1e-9);
    }

    private static double Served(double[] stock, CountDemand demand, int order)
    {
        var sum = 0.0;
        for (var left = 0; left < stock.Length; left++)
            if (stock[left] > 0) sum += stock[left] * demand.Cdf(left + order);
        return sum;
    }

    // Probabilities of the units left when the order arrives.
    private static double[] Stock(ReadOnlySpan<double> arrivals, ReadOnlySpan<double> means, double dispersion, double lot)
    {
        double[] stock = [1];
        for (var week = 0; week < arrivals.Length; week++)
        {
            var arrived = (int)Math.Round(arrivals[week] / lot);
            var demand = Weekly(means[week], dispersion, lot);
            var enough = new double[stock.Length + arrived]; // P(demand <= index)
            for (var wanted = 0; wanted < enough.Length; wanted++) enough[wanted] = demand.Cdf(wanted);
            var next = new double[enough.Length];
            for (var left = 0; left < stock.Length; left++)
            {
                if (stock[left] < 1e-12) continue;
                var (have, before) = (left + arrived, 0.0);
                for (var wanted = 0; wanted < have && before < 1 - 1e-12; wanted++)
                {
                    next[have - wanted] += stock[left] * (enough[wanted] - before);
                    before = enough[wanted];
                }

                next[0] += stock[left] * (1 - before); // sold out
            }

            stock = next;
        }

        return stock;
    }

    private static CountDemand Weekly(double mean, double dispersion, double lot) =>
        CountDemand.NegativeBinomial(mean / lot, dispersion * mean / (lot * lot));
}
