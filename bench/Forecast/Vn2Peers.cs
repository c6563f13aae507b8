using Shabou.Forecasting;

namespace Shabou.Bench.Forecast;

/// <summary>What others did in the VN2 challenge, written again from their descriptions.</summary>
internal sealed class Vn2Peers(Vn2Game game)
{
    private const int Season = 52;
    private readonly List<double[]> _demand = game.Demand;

    public static double[] Nothing(int weeks, PipelineState[] states) => new double[states.Length];

    /// <summary>The organiser's benchmark: mean of the last 13 weeks, season taken out by the mean sales of all products per week of the year; order
    /// up to four weeks' forecast.</summary>
    public double[] Organiser(int weeks, PipelineState[] states)
    {
        var season = SeasonOf(weeks);
        var levels = Levels(weeks, 13, season);
        return [.. states.Select((s, i) => Math.Max(0, Math.Round(Enumerable.Range(0, 4).Sum(w => levels[i] * season[(weeks + w) % Season]) - Position(s))))];
    }

    /// <summary>A newsvendor: order up to a quantile of three weeks' demand, negative binomial around the seasonal mean, its dispersion pooled over all products.</summary>
    public Contestant Newsvendor(int window, double level) => (weeks, states) =>
    {
        var season = SeasonOf(weeks);
        var levels = Levels(weeks, window, season);
        double excess = 0, squares = 0; // variance = mean + k mean^2, k from the last half year
        for (var i = 0; i < levels.Length; i++)
            for (var t = weeks - 26; t < weeks; t++)
            {
                if (double.IsNaN(_demand[i][t])) continue;
                var mean = levels[i] * season[t % Season];
                excess += (_demand[i][t] - mean) * (_demand[i][t] - mean) - mean;
                squares += mean * mean;
            }

        var k = Math.Max(0, excess / squares);
        return [.. states.Select((s, i) =>
        {
            var means = Enumerable.Range(0, 3).Select(w => levels[i] * season[(weeks + w) % Season]).ToArray();
            return Math.Max(0, CountDemand.NegativeBinomial(means.Sum(), means.Sum(m => m + k * m * m)).Quantile(level) - Position(s));
        })];
    };

    /// <summary>The newsvendor whose window and quantile did best in the three games before.</summary>
    public (Contestant Contestant, int Window, double Level) NewsvendorFromHistory(int known)
    {
        var best = (Cost: double.PositiveInfinity, Window: 0, Level: 0.0);
        foreach (var window in new[] { 13, 16, 20 })
            foreach (var level in new[] { .5, .55, .6, .65, .7, .75, .8 })
            {
                var cost = Enumerable.Range(1, 3).Sum(back => game.Play(known - Vn2Game.Weeks * back, Newsvendor(window, level)));
                if (cost < best.Cost) best = (cost, window, level);
            }

        return (Newsvendor(best.Window, best.Level), best.Window, best.Level);
    }

    private static double Position(PipelineState state) => state.OnHand + state.InTransit.Sum();

    private double[] SeasonOf(int weeks)
    {
        var (sums, counts) = (new double[Season], new int[Season]);
        for (var t = 0; t < weeks; t++)
        {
            var seen = _demand.Where(d => !double.IsNaN(d[t])).Select(d => d[t]).ToArray();
            if (seen.Length == 0) continue;
            sums[t % Season] += seen.Average();
            counts[t % Season]++;
        }

        for (var w = 0; w < Season; w++) sums[w] = counts[w] > 0 ? sums[w] / counts[w] : double.NaN;
        var mean = sums.Where(s => !double.IsNaN(s)).Average();
        return [.. sums.Select(s => s > 0 ? s / mean : 1)];
    }

    private double[] Levels(int weeks, int window, double[] season) => [.. _demand.Select(d =>
    {
        double sum = 0;
        var count = 0;
        // Out of stock for the whole window: the last known weeks before it.
        for (var t = weeks - 1; t >= 0 && (t >= weeks - window || count == 0); t--)
        {
            if (double.IsNaN(d[t])) continue;
            sum += d[t] / season[t % Season];
            count++;
        }

        return count > 0 ? sum / count : 0;
    })];
}
