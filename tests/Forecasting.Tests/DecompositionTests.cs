using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>Decompositions against R 4 (stats): decompose and stl.</summary>
public sealed class DecompositionTests
{
    [Fact]
    public void The_classical_additive_decomposition_is_that_of_r() // decompose(UKgas)
    {
        var parts = ClassicalDecomposition.Additive(ClassicSeries.UKgas, 4);
        AssertClose([175.13810096, -36.14122596, -168.96766827, 29.97079327], parts.Seasonal[..4]);
        AssertClose([123.6750, 250.3375, 727.4000], At(parts.Trend, 3, 50, 106));
        AssertClose([130.09266827, 16.30372596, -78.15877404], At(parts.Remainder, 3, 50, 106));
    }

    [Fact]
    public void The_classical_multiplicative_decomposition_is_that_of_r() // decompose(UKgas, "multiplicative")
    {
        var parts = ClassicalDecomposition.Multiplicative(ClassicSeries.UKgas, 4);
        AssertClose([1.4537106558, 0.9559325923, 0.5584440807, 1.0319126711], parts.Seasonal[..4]);
        AssertClose([1.2278186936, 0.9632028299, 0.8817201186], At(parts.Remainder, 3, 50, 106));
    }

    [Fact]
    public void An_odd_season_needs_no_half_periods() // decompose(ts(wave(40, 7), frequency = 7))
    {
        var parts = ClassicalDecomposition.Additive(Wave(40, 7), 7);
        AssertClose([-0.2693877551, 7.2346413553, 11.3656056524, 3.7551639218, -5.5510822891, -9.0758097341, -7.4591311512], parts.Seasonal[..7]);
        AssertClose([104.4428571, 107.1857143, 107.7428571], At(parts.Trend, 4, 20, 37));
        Assert.True(double.IsNaN(parts.Trend[2]) && double.IsNaN(parts.Trend[37]) && double.IsFinite(parts.Trend[3]));
    }

    [Fact]
    public void The_classical_decomposition_needs_two_seasons() =>
        Assert.Throws<ArgumentException>(() => ClassicalDecomposition.Additive(new double[23], 12));

    [Fact]
    public void Loess_with_a_fixed_season_is_that_of_r() // stl(x, s.window = "periodic")
    {
        AssertParts(SeasonalTrendLoess.Decompose(ClassicSeries.UKgas, 4), [1, 2, 54, 108],
            [171.36648171, -33.21951824, -33.21951824, 35.33101960], [88.60356397, 105.22011160, 277.00322123, 644.13774212]);
        AssertParts(SeasonalTrendLoess.Decompose(ClassicSeries.AirPassengers, 12), [1, 7, 100, 144],
            [-25.497718340, 70.243881537, -8.299054185, -31.740515502], [127.1873484, 127.1798981, 360.9900246, 497.4299051]);
        AssertParts(SeasonalTrendLoess.Decompose(Wave(40, 7), 7), [1, 8, 20, 40],
            [-0.6669491505, -0.6669491505, -9.0984529425, -5.8406162819], [102.5314168, 106.2500406, 107.3503602, 109.0805660]);
        AssertParts(SeasonalTrendLoess.Decompose(Wave(160, 52), 52), [1, 53, 100, 160],
            [1.788698290, 1.788698290, -6.640861112, 3.623836022], [104.8798518, 110.1987067, 114.8835760, 120.7377717]);
    }

    [Fact]
    public void Loess_with_a_changing_season_is_that_of_r() // stl(x, s.window = 7), 13 for AirPassengers
    {
        AssertParts(SeasonalTrendLoess.Decompose(ClassicSeries.UKgas, 4, 7), [1, 2, 54, 108],
            [41.656547013, 7.697123803, -33.547800607, 86.658367325], [121.7185117, 122.0728174, 284.1467688, 726.0276735]);
        AssertParts(SeasonalTrendLoess.Decompose(ClassicSeries.AirPassengers, 12, 13), [1, 7, 100, 144],
            [-17.89629717, 44.08324154, -10.55291694, -42.61873447], [123.2952461, 127.0995207, 360.1501427, 496.9337586]);
        AssertParts(SeasonalTrendLoess.Decompose(Wave(40, 7), 7, 7), [1, 8, 20, 40],
            [-1.584109407, -1.476395892, -8.657199262, -5.488012554], [103.3562706, 105.8682067, 107.0780764, 108.2923825]);
        AssertParts(SeasonalTrendLoess.Decompose(Wave(160, 52), 52, 7), [1, 53, 100, 160],
            [0.9475068057, 1.5543539555, -6.9827997629, 5.4040222648], [104.8218483, 110.2032028, 114.8959710, 120.8003868]);
    }

    [Fact]
    public void The_parts_add_up_to_the_history_and_are_numbers_whatever_it_is()
    {
        foreach (var (history, season) in BadInput.Histories())
        {
            var parts = SeasonalTrendLoess.Decompose(history, season);
            for (var t = 0; t < history.Length; t++)
            {
                double[] values = [parts.Trend[t], parts.Seasonal[t], parts.Remainder[t]];
                Assert.All(values, value => Assert.True(double.IsFinite(value)));
                if (!double.IsFinite(history[t]) || Math.Abs(history[t]) > 1e300) continue; // there a part is cut off at the largest double
                Assert.Equal(history[t], values.Sum(), 1e-9 * values.Max(Math.Abs));
            }
        }
    }

    [Fact]
    public void A_history_of_two_seasons_or_less_has_a_trend_only()
    {
        var parts = SeasonalTrendLoess.Decompose(Wave(24, 12), 12);
        Assert.All(parts.Seasonal, value => Assert.Equal(0, value));
        Assert.Throws<ArgumentException>(() => SeasonalTrendLoess.Decompose([double.NaN], 12));
    }

    private static double[] Wave(int length, int season) => // 100 + t/10 + 10 sin(2 pi t / season) + (37 t) mod 11
        [.. Enumerable.Range(0, length).Select(t => 100 + t / 10.0 + 10 * Math.Sin(2 * Math.PI * t / season) + t * 37 % 11)];

    private static double[] At(double[] values, params int[] fromOne) => [.. fromOne.Select(i => values[i - 1])];

    private static void AssertParts(SeasonalComponents parts, int[] fromOne, double[] seasonal, double[] trend)
    {
        AssertClose(seasonal, At(parts.Seasonal, fromOne));
        AssertClose(trend, At(parts.Trend, fromOne));
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-8 * (1 + Math.Abs(expected[i])));
    }
}
