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
        Assert.InRange(forecast.Mean[3], 1.3 * forecast.Mean[2], 2.1 * forecast.Mean[2]); // towards no effect, as ten promotions allow
        Assert.Equal(forecast.Mean[2], forecast.Mean[4], 0.5);
        Assert.Equal(forecast.Mean[0] + forecast.Mean[1] + forecast.Mean[2] + forecast.Mean[3], forecast.Protection.Mean, 9);
    }

    [Fact]
    public void Without_regressors_nothing_changes()
    {
        Assert.Null(RegressorEffects.Factors(new("p", 1, Doubled), 12));
        Assert.Equal(Forecast(new("p", 1, Doubled)).Mean, Forecast(new("p", 1, Doubled) { Regressors = [new double[72]] }).Mean);
    }

    [Fact]
    public void Factors_stay_in_bounds_whatever_the_regressors_hold()
    {
        foreach (var odd in new double[][] { [], [double.NaN, double.PositiveInfinity], [.. Enumerable.Repeat(1e12, 72)], [.. Promotion.Select(v => -1e9 * v)] })
            Assert.All(RegressorEffects.Factors(new("p", 1, Doubled) { Regressors = [odd, Promotion, Promotion] }, 12)!, factor => Assert.InRange(factor, .2, 5));
        Assert.Null(RegressorEffects.Factors(new("p", 1, [double.NaN, 0, 0]) { Regressors = [Promotion] }, 12));
    }

    private static PartForecast Forecast(PartHistory part)
    {
        part = part with { ProtectionPeriods = 4 };
        return ForecastModel.Learn([part], new() { Horizon = 12, Origins = 2 }, 1, CancellationToken.None).Forecast(part);
    }
}
