using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class RegressorTests
{
    private static readonly double[] Promotion = [.. Enumerable.Range(0, 72).Select(t => t % 6 == 3 ? 1.0 : 0)];
    private static readonly double[] Doubled = [.. Enumerable.Range(0, 60).Select(t => t % 6 == 3 ? 40.0 : 20)];

    [Fact]
    public void A_promotion_that_doubled_demand_raises_the_periods_it_is_planned_for()
    {
        var forecast = Forecast(new("p", 1, Doubled) { Regressors = [Promotion] });
        Assert.InRange(forecast.Mean[3], 1.3 * forecast.Mean[2], 2.1 * forecast.Mean[2]);
        Assert.Equal(forecast.Mean[2], forecast.Mean[4], 0.5);
        Assert.Equal(forecast.Mean[0] + forecast.Mean[1] + forecast.Mean[2] + forecast.Mean[3], forecast.Protection.Mean, 9);
    }

    [Fact]
    public void Without_regressors_nothing_changes()
    {
        Assert.Equal(Forecast(new("p", 1, Doubled)).Mean, Forecast(new("p", 1, Doubled) { Regressors = [new double[72]] }).Mean);
    }

    [Fact]
    public void Whatever_the_regressors_hold_the_forecast_is_finite()
    {
        foreach (var odd in new double[][] { [], [double.NaN, double.PositiveInfinity], [.. Enumerable.Repeat(1e12, 72)], [.. Promotion.Select(v => -1e9 * v)] })
        {
            var forecast = Forecast(new("p", 1, Doubled) { Regressors = [odd, Promotion, Promotion] });
            Assert.All(forecast.Mean.Concat(forecast.Quantiles).Concat(forecast.Protection.Quantiles), value => Assert.True(double.IsFinite(value) && value >= 0));
        }
    }

    private static PartForecast Forecast(PartHistory part)
    {
        part = part with { ProtectionPeriods = 4 };
        return ForecastModel.Learn([part], new() { Horizon = 12, Origins = 2 }, 1, CancellationToken.None).Forecast(part);
    }
}
