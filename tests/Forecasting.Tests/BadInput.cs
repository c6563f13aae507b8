namespace Shabou.Forecasting.Tests;

/// <summary>Histories that break careless arithmetic; each holds at least one observed period.</summary>
internal static class BadInput
{
    private const double Missing = double.NaN;

    public static IEnumerable<(double[] History, int Season)> Histories()
    {
        foreach (var season in new[] { 1, 2, 4, 12, 52 })
            foreach (var history in Shapes())
                yield return (history, season);
        yield return ([3, 1, 2], 1_000);
        yield return (Of(5_000, t => t % 7 + t % 11), 7);
    }

    private static IEnumerable<double[]> Shapes() =>
    [
        [5], [0], [-3], [1, 2], [0, 1], [1, 0, 0], [0, 0, 7, 0], [Missing, 4, Missing], [2, Missing, Missing, 8],
        Of(40, _ => 0), Of(130, _ => 0.1), Of(40, _ => 1e12), Of(130, t => 1e12 + t % 3), Of(60, t => -t), Of(130, t => t % 2 == 0 ? 0 : 8),
        Of(60, t => t == 0 ? 1e12 : 1), Of(60, t => t == 59 ? 1e12 : 1), Of(130, t => t % 12 == 0 ? 1e-9 : 1e9), Of(50, t => 1e-300 * t),
        Of(50, t => double.MaxValue * (t % 3 - 1)), Of(50, t => double.MaxValue / 50 * t), Of(30, t => t == 9 ? double.PositiveInfinity : t),
        Of(300, t => Math.Pow(1.5, t)), Of(60, t => t % 5 == 2 ? Missing : t % 4), Of(130, t => t % 12 - 5.5),
    ];

    private static double[] Of(int length, Func<int, double> value) => [.. Enumerable.Range(0, length).Select(value)];
}
