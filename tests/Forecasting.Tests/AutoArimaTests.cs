using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>Choices of order, against R's package forecast 8.20 with its defaults.</summary>
public sealed class AutoArimaTests
{
    // forecast::ndiffs and, for the statistic, urca::ur.kpss(x, "mu", use.lag = trunc(3 * sqrt(length(x)) / 13)).
    [Theory]
    [InlineData("log-passengers", 4.54088154812, 1)]
    [InlineData("deaths", 0.291233804186, 0)]
    [InlineData("users", 0.721974318082, 1)]
    [InlineData("lake", 1.22121856939, 1)]
    [InlineData("lynx", 0.0694650820944, 0)]
    [InlineData("airmiles", 1.19116216685, 2)]
    [InlineData("gas", 3.30819596733, 1)]
    public void Level_tests_agree(string series, double statistic, int differences)
    {
        Assert.Equal(statistic, UnitRoots.Kpss(ArimaSeries.Named(series)), 1e-9);
        Assert.Equal(differences, UnitRoots.Differences(ArimaSeries.Named(series)));
    }

    // forecast:::seas.heuristic, which forecast::nsdiffs compares with 0.64.
    [Theory]
    [InlineData("passengers", 12, 0.94067249031)]
    [InlineData("log-passengers", 12, 0.964453970045)]
    [InlineData("deaths", 12, 0.944794464889)]
    [InlineData("gas", 4, 0.983094782557)]
    [InlineData("log-gas", 4, 0.973868827161)]
    [InlineData("wool", 4, 0.822819419146)]
    [InlineData("australian-gas", 12, 0.941231127181)]
    public void The_strength_of_the_season_agrees(string series, int season, double strength) =>
        Assert.Equal(strength, SeasonalStrength.Of(ArimaSeries.Named(series), season), 1e-9);

    // forecast::auto.arima: order, and log-likelihood where a difference makes R's depend on the level no more than printed here.
    [Theory]
    [InlineData("passengers", 12, "ARIMA(2,1,1)(0,1,0)[12]", -504.924, 0.001)]
    [InlineData("log-passengers", 12, "ARIMA(0,1,1)(0,1,1)[12]", 244.6965, 0.001)]
    [InlineData("deaths", 12, "ARIMA(0,1,1)(0,1,1)[12]", -425.440, 0.005)]
    [InlineData("users", 1, "ARIMA(1,1,1)", -254.1497, 0.001)]
    [InlineData("lake", 1, "ARIMA(0,1,0)", -109.107879706, 1e-5)]
    [InlineData("lynx", 1, "ARIMA(2,0,2) with mean", -932.083725073, 1e-5)]
    [InlineData("gas", 4, "ARIMA(0,1,1)(0,1,0)[4]", -513.337, 0.001)]
    [InlineData("log-gas", 4, "ARIMA(1,0,0)(0,1,0)[4] with drift", 87.760, 0.001)]
    [InlineData("airmiles", 1, "ARIMA(0,2,1)", -185.334, 0.001)]
    [InlineData("wool", 4, "ARIMA(1,0,0)(0,1,1)[4]", -857.999, 0.001)]
    [InlineData("australian-gas", 12, "ARIMA(2,1,1)(0,1,1)[12]", -4076.580, 0.01)] // 476 months: searched by sums of squares
    [InlineData("approval", 4, "ARIMA(1,0,0)(0,0,1)[4] with mean", -415.488751594, 1e-4)] // six gaps
    public void The_order_is_the_one_that_r_chooses(string series, int season, string order, double logLikelihood, double tolerance)
    {
        var model = AutoArima.Fit(ArimaSeries.Named(series), season);
        Assert.Equal(order, model.Order.ToString());
        Assert.Equal(logLikelihood, model.LogLikelihood, tolerance);
    }
}
