using System.Runtime.Intrinsics;
using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>Estimates and forecasts of given orders against R 4.2.2.</summary>
/// <remarks>Likelihoods are those of stats::arima(method = "ML", reltol = 1e-12) on the differenced series, where R is exact. On the series itself
/// R's prior of variance 1e6 around zero moves the likelihood of log(AirPassengers) by 0.003; ours stays within 1e-4 of the exact one.</remarks>
public sealed class ArimaLikelihoodTests
{
    public static TheoryData<string, ArimaOrder, double, double[]> Estimates => new()
    {
        { "log-passengers", new(0, 1, 1, 0, 1, 1, 12, false), 244.696486833, [-0.401822765871, -0.55693620795] },
        { "log-passengers", new(2, 1, 2, 1, 1, 0, 12, false), 242.3030112, [-0.114657040904, 0.183794333085, -0.320649643223, -0.200624406605, -0.465039287197] },
        { "deaths", new(0, 1, 1, 0, 1, 1, 12, false), -425.441102431, [-0.430270223274, -0.552728746168] },
        { "deaths", new(1, 0, 0, 2, 0, 0, 12, true), -531.293995015, [0.783982282866, 0.611144123668, 0.284775397277, 9170.55568655] },
        { "users", new(1, 1, 1), -254.149691299, [0.650377954309, 0.52559025909] },
        { "users", new(3, 1, 0), -251.996942295, [1.15134381402, -0.661228013983, 0.340711725527] },
        { "lake", new(1, 1, 1, true), -107.399640711, [-0.310514608915, 0.497670574301, -0.00202891093957] },
        { "lake", new(2, 0, 0, true), -103.633222534, [1.04361924502, -0.249502591074, 579.047256709] },
        { "lynx", new(2, 0, 2, true), -932.083723492, [1.34195394521, -0.673696629839, -0.202553335951, -0.256417545124, 1544.3997235] },
        { "gas", new(1, 1, 1, 0, 1, 1, 4, false), -512.888751543, [-0.100650939005, -0.919611496384, 0.0239183326081] },
        { "airmiles", new(0, 2, 1), -185.334226226, [-0.703093931356] },
    };

    [Theory, MemberData(nameof(Estimates))]
    public void The_likelihood_is_that_of_r_and_the_optimum_is_not_below_it(string series, ArimaOrder order, double logLikelihood, double[] coefficients)
    {
        var history = ArimaSeries.Named(series);
        Assert.Equal(logLikelihood, ArimaModel.At(history, order, coefficients).LogLikelihood, 1e-4);
        // Above: ARIMA(2,1,2)(1,1,0) of the passengers has two maxima, and R ends in the lower one.
        Assert.InRange(ArimaModel.Fit(history, order)!.LogLikelihood, logLikelihood - 1e-4, logLikelihood + 0.5);
    }

    [Theory, MemberData(nameof(Estimates))]
    public void The_fast_recursion_gives_the_likelihood_of_the_full_filter(string series, ArimaOrder order, double logLikelihood, double[] coefficients)
    {
        var differenced = Differencing.Take(ArimaSeries.Named(series), order.Differences, order.SeasonalDifferences, order.Season);
        Vector256<double>[] lanes = [.. coefficients.Select(Vector256.Create)];
        var (n, value) = (differenced.Length, new ExactLikelihood(differenced, order, 1).EvaluateCoefficients(lanes));
        Assert.Equal(logLikelihood, -0.5 * n * (2 * value[0] + 1 + Math.Log(2 * Math.PI)), 1e-6);
        Assert.Equal(Vector256.Create(value[0]), value); // four equal candidates, four equal lanes
    }

    // stats::arima(x, method = "ML") with x[c(5, 20:24, 60)] missing; users less their first value, so that R's prior does no harm.
    [Fact]
    public void A_missing_period_is_filtered_over()
    {
        var lake = WithGaps("lake");
        Assert.Equal(-95.9193184262, ArimaModel.At(lake, new(1, 0, 1, true), [0.738916529978, 0.374402104704, 579.095295501]).LogLikelihood, 1e-6);
        Assert.Equal(-235.803352284, ArimaModel.At(WithGaps("users"), new(1, 1, 1), [0.687161107131, 0.536485207678]).LogLikelihood, 1e-4);
    }

    [Fact]
    public void An_estimate_from_a_history_with_gaps_is_the_maximum_of_their_likelihood()
    {
        Assert.Equal(-95.9193184262, ArimaModel.Fit(WithGaps("lake"), new(1, 0, 1, true))!.LogLikelihood, 1e-4);
        Assert.Equal(-235.803352284, ArimaModel.Fit(WithGaps("users"), new(1, 1, 1))!.LogLikelihood, 1e-4);
        // presidents: arima(presidents, c(1,0,0), c(0,0,1))
        Assert.Equal(-415.488751594, ArimaModel.Fit(ArimaSeries.Named("approval"), new(1, 0, 0, 0, 0, 1, 4, true))!.LogLikelihood, 1e-4);
    }

    // forecast(Arima(x, order, method = "ML"), h = 13): steps 1, 2, 12, 13.
    [Theory]
    [InlineData("users", 219.66079941, 219.229871359, 214.70153823, 214.548264574, 3.10741419165, 7.37202608078, 42.6380893727, 45.7085146408)]
    [InlineData("lynx", 2989.84498253, 2093.12569004, 1644.90583428, 1533.49729469, 872.907186233, 1323.19876022, 1599.17972156, 1601.44389801)]
    [InlineData("log-passengers", 6.11018557, 6.0537748, 6.16802432, 6.20643444, 0.0370000451576, 0.0431144268006, 0.0822031530114, 0.0907833220922)]
    public void Means_and_standard_errors_are_those_of_r(
        string series, double mean1, double mean2, double mean12, double mean13, double error1, double error2, double error12, double error13)
    {
        var (order, coefficients) = series switch
        {
            "users" => (new ArimaOrder(3, 1, 0), (double[])[1.15134298721, -0.661227099962, 0.340711507688]),
            "lynx" => (new ArimaOrder(2, 0, 2, true), [1.34173494756, -0.673907911956, -0.202520496808, -0.255627519218, 1544.39856371]),
            _ => (new ArimaOrder(0, 1, 1, 0, 1, 1, 12, false), [-0.4018229783, -0.556935925769]),
        };
        double[] mean = new double[13], variance = new double[13];
        ArimaModel.At(ArimaSeries.Named(series), order, coefficients).Forecast(mean, variance);
        Assert.Equal([mean1, mean2, mean12, mean13], [mean[0], mean[1], mean[11], mean[12]], Close);
        Assert.Equal([error1, error2, error12, error13], [.. new[] { variance[0], variance[1], variance[11], variance[12] }.Select(Math.Sqrt)], Close);
    }

    [Fact]
    public void Moving_averages_are_mirrored_to_invertible_ones()
    {
        double[] single = [2.0], pair = [-3.5, 1.5]; // roots of 1 - 3.5 z + 1.5 z^2: 1/3 and 2
        ArmaPolynomials.MakeInvertible(single);
        ArmaPolynomials.MakeInvertible(pair);
        Assert.Equal(0.5, single[0], 12);
        Assert.Equal([-5.0 / 6, 1.0 / 6], pair, (left, right) => Math.Abs(left - right) < 1e-12); // roots 3 and 2
    }

    [Fact]
    public void An_autoregression_that_is_not_stationary_is_refused()
    {
        var history = ArimaSeries.Named("lake");
        Assert.Contains("stationary", Assert.Throws<ArgumentException>(() => ArimaModel.At(history, new(1, 0, 0), [1.0])).Message, StringComparison.Ordinal);
        Assert.Contains("2 coefficients", Assert.Throws<ArgumentException>(() => ArimaModel.At(history, new(2, 0, 0), [1.0])).Message, StringComparison.Ordinal);
    }

    private static bool Close(double expected, double actual) => Math.Abs(expected - actual) < 2e-5 * Math.Abs(expected);

    private static double[] WithGaps(string series)
    {
        double[] history = [.. ArimaSeries.Named(series)];
        foreach (var at in (int[])[4, 19, 20, 21, 22, 23, 59]) history[at] = double.NaN;
        return history;
    }
}
