namespace Shabou.Forecasting.Tests;

public sealed class KnownInfluencesTests
{
    private const int Length = 60;
    private const int Horizon = 6;

    [Fact]
    public void A_promotion_that_comes_again_raises_its_step_and_no_other()
    {
        var part = Promoted(factor: 1.5, next: 2);
        var model = ForecastModel.Learn([part], new ForecastSettings { Horizon = Horizon }, threads: 1, CancellationToken.None);
        var forecast = model.Forecast(part);
        Assert.InRange(forecast.Mean[2] / forecast.Mean[1], 1.3, 1.6); // the true effect is 1.5; shrinkage takes a little
        Assert.InRange(forecast.Mean[0], 95, 108); // 100 without promotions; with them the history's mean is 108
        Assert.InRange(forecast.Quantiles[^(Horizon - 2)] / forecast.Quantiles[^(Horizon - 1)], 1.2, 1.7); // the top level too
        Assert.Contains("Promotions", forecast.Choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_protection_interval_moves_with_the_sum_of_its_steps()
    {
        var part = Promoted(factor: 1.5, next: 1);
        var model = ForecastModel.Learn([part], new ForecastSettings { Horizon = Horizon }, threads: 1, CancellationToken.None);
        var forecast = model.Forecast(part with { ProtectionPeriods = 2 });
        Assert.Equal(forecast.Mean[0] + forecast.Mean[1], forecast.Protection.Mean, 6);
        Assert.All(forecast.Protection.Quantiles.Zip(forecast.Protection.Quantiles.Skip(1)), pair => Assert.True(pair.First <= pair.Second));
    }

    [Fact]
    public void Without_an_effect_the_forecast_is_the_same_to_the_bit()
    {
        var part = Promoted(factor: 1, next: 2);
        var model = ForecastModel.Learn([part], new ForecastSettings { Horizon = Horizon }, threads: 1, CancellationToken.None);
        Assert.Equal(model.Forecast(part with { Regressors = [] }).Mean, model.Forecast(part).Mean);
        Assert.Equal(model.Forecast(part with { Regressors = [] }).Mean, model.Forecast(part with { Regressors = [[double.NaN], []] }).Mean);
    }

    /// <summary>Demand of about 100 a month without season, and of so many times that in every sixth or so.</summary>
    private static PartHistory Promoted(double factor, int next)
    {
        var random = new Random(7);
        var (demand, promoted) = (new double[Length], new double[Length + Horizon]);
        foreach (var t in new[] { 5, 13, 20, 26, 33, 41, 47, 54, 58, Length + next }) promoted[t] = 1;
        for (var t = 0; t < Length; t++) demand[t] = Math.Round((100 + 4 * (random.NextDouble() - .5)) * (promoted[t] > 0 ? factor : 1), 2);
        return new PartHistory("P", 12, demand) { Regressors = [promoted] };
    }
}
