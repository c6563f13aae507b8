namespace Shabou.Migrator.Demo;

/// <summary>Four years of monthly sales per part: garages come at random (Poisson) and each takes one or more (geometric), more in
/// the summer when emigrants return; so slow parts sell intermittently, as they do in a real shop.</summary>
internal static class DemoDemand
{
    public const int Months = 48;

    /// <summary>The first month; fixed, so that everyone has the same series.</summary>
    public static DateOnly First { get; } = new(2022, 11, 1);

    /// <param name="sku">Seeds the series.</param>
    /// <param name="monthly">Mean units a month.</param>
    public static double[] Series(string sku, double monthly)
    {
        const double unitsPerVisit = 1.4;
        var random = new Random(DemoCatalog.Seed("demand " + sku));
        var trend = 1 + 0.3 * (random.NextDouble() - 0.5); // over the four years
        var series = new double[Months];
        for (var month = 0; month < Months; month++)
        {
            var season = First.AddMonths(month).Month is 7 or 8 ? 1.35 : 0.93;
            var rate = monthly / unitsPerVisit * season * (1 + (trend - 1) * month / Months);
            for (var visits = Poisson(random, rate); visits > 0; visits--)
            {
                series[month]++;
                while (random.NextDouble() < 1 - 1 / unitsPerVisit) series[month]++;
            }
        }
        return series;
    }

    private static int Poisson(Random random, double rate) // Knuth; rates here are small
    {
        var count = -1;
        for (var product = 1.0; product > Math.Exp(-rate); count++) product *= random.NextDouble();
        return count;
    }
}
