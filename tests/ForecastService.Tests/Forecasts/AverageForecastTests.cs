using Shabou.ForecastService.Forecasts;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Tests.Forecasts;

public sealed class AverageForecastTests
{
    [Fact]
    public void It_is_the_average_with_the_quantiles_of_what_was_observed()
    {
        var forecast = AverageForecast.Of(new PartHistory("A", 12, [1, double.NaN, 2, 3, 10]), horizon: 2, "told so.");
        Assert.Equal([4.0, 4.0], forecast.Mean);
        Assert.Equal(2, forecast.Quantiles[QuantileForecast.Levels.IndexOf(.5) * 2]);
        Assert.Equal(10, forecast.Quantiles[QuantileForecast.Levels.IndexOf(.99) * 2 + 1]);
        Assert.Equal((2, 8.0), (forecast.Protection.Periods, forecast.Protection.Mean));
        Assert.Equal(Math.Sqrt(2 * 12.5), forecast.Protection.StandardDeviation, 12); // (9 + 4 + 1 + 36) / 4
        Assert.Contains("told so.", forecast.Choice.Reason, StringComparison.Ordinal);
        Assert.Equal(Fallback.MethodsFailed, forecast.Choice.Fallback);
    }

    [Theory]
    [InlineData]
    [InlineData(double.NaN)]
    [InlineData(double.MaxValue, double.MaxValue)]
    [InlineData(double.PositiveInfinity, 1.0)]
    [InlineData(-5.0, double.NegativeInfinity)]
    public void Every_number_is_finite_and_zero_or_more(params double[] demand)
    {
        var forecast = AverageForecast.Of(new PartHistory("A", 1, demand) { ProtectionPeriods = 1000 }, horizon: 3, "");
        Assert.All([.. forecast.Mean, .. forecast.Quantiles, .. forecast.Protection.Quantiles, forecast.Protection.Mean, forecast.Protection.StandardDeviation],
            number => Assert.True(number >= 0 && double.IsFinite(number)));
    }

    [Fact]
    public void A_model_that_fails_on_a_part_gives_way_to_the_average()
    {
        var model = ForecastModel.Learn([new PartHistory("A", 12, [1, 2, 3])], new ForecastSettings { Horizon = 4 }, threads: 1, TestContext.Current.CancellationToken);
        var forecast = CheckedForecast.Of(model, new PartHistory("B", 12, [double.PositiveInfinity, 1, 2]));
        Assert.Equal(4, forecast.Mean.Length);
        Assert.All(forecast.Mean, number => Assert.True(number >= 0 && double.IsFinite(number)));
    }
}
