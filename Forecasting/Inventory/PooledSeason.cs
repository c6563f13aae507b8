namespace Shabou.Forecasting;

/// <summary>The shape of the year, taken from all items together: single ones sell too little to show theirs.</summary>
/// <remarks>Ratio to the centred mean of a season (Macaulay 1931), with sums over items before the division, so that items weigh by what
/// they sell; neighbouring positions lend weight, and a prior of 1 that weighs some units keeps thin data near it.</remarks>
public static class PooledSeason
{
    /// <summary>One index per position of the season; position of period t is t mod season. About 1 on average, never below 0.05.</summary>
    /// <param name="demand">Per item, oldest first, all of one length; NaN where missing. At least one season, or every index is 1.</param>
    /// <param name="season">Periods of a cycle, 1 or more; 1 gives a single index of 1.</param>
    /// <param name="neighbour">Weight of each of the two neighbouring positions, 0 or more.</param>
    /// <param name="priorUnits">Units of demand that the index 1 weighs at each position, more than 0.</param>
    public static double[] Of(IReadOnlyList<double[]> demand, int season, double neighbour, double priorUnits)
    {
        var indices = new double[season];
        Array.Fill(indices, 1);
        var periods = demand.Count > 0 ? demand[0].Length : 0;
        if (season < 2 || periods < season) return indices;

        var (actual, expected, level) = (new double[season], new double[season], new double[periods]);
        foreach (var item in demand)
        {
            Centre(item, season, level);
            for (var t = 0; t < periods; t++)
            {
                if (double.IsNaN(item[t])) continue;
                actual[t % season] += Math.Max(0, item[t]);
                expected[t % season] += level[t];
            }
        }

        for (var p = 0; p < season; p++)
        {
            var (before, after) = ((p + season - 1) % season, (p + 1) % season);
            var up = actual[p] + neighbour * (actual[before] + actual[after]);
            var down = expected[p] + neighbour * (expected[before] + expected[after]);
            indices[p] = Math.Max(0.05, (priorUnits + up) / (priorUnits + down));
        }

        return indices;
    }

    // Mean of the observed periods of the season around each period; at the ends, of the first and the last season.
    private static void Centre(double[] item, int season, double[] level)
    {
        int from = 0, to = 0, known = 0;
        var sum = 0.0;
        for (var t = 0; t < item.Length; t++)
        {
            var first = Math.Clamp(t - season / 2, 0, item.Length - season);
            for (; to < first + season; to++) Count(to, 1);
            for (; from < first; from++) Count(from, -1);
            level[t] = known > 0 ? Math.Max(0, sum / known) : 0;
        }

        void Count(int t, int sign)
        {
            if (double.IsNaN(item[t])) return;
            sum += sign * Math.Max(0, item[t]);
            known += sign;
        }
    }
}
