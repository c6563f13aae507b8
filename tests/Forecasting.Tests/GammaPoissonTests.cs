using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>Levels shrunk towards their group, against sums done by hand.</summary>
public sealed class GammaPoissonTests
{
    [Fact]
    public void Discounted_demand_halves_with_each_period_of_age()
    {
        // 4/4 + 2/2 + 1 with weights 1/4, 1/2, 1; squared weights 1/16 + 1/4 + 1
        var demand = DiscountedDemand.Of([4, 2, 1], .5);
        Assert.Equal(new DiscountedDemand(3, 1.75, 1.3125), demand);
    }

    [Fact]
    public void A_missing_period_ages_demand_but_is_no_period_without_demand()
    {
        var demand = DiscountedDemand.Of([4, double.NaN], .5);
        Assert.Equal(new DiscountedDemand(2, .5, .25), demand);
    }

    [Fact]
    public void The_prior_explains_what_chance_does_not()
    {
        // Levels 1 and 5 over four periods each: mean 3, variance between 4, of which chance gives 3 * 4 / 16 = 0.75. Left: 3.25 = mean / rate.
        var prior = GammaPrior.Of([4, 20], [4, 4], [4, 4]);
        Assert.Equal(3, prior.Mean, 12);
        Assert.Equal(3 / 3.25, prior.Rate, 12);
    }

    [Fact]
    public void Levels_that_differ_by_chance_only_are_pulled_together()
    {
        var prior = GammaPrior.Of([12, 12, 12], [12, 12, 12], [12, 12, 12]);
        Assert.Equal(1, prior.Mean, 12);
        Assert.Equal(1000, prior.Rate);
    }

    [Fact]
    public void A_forecast_lies_between_the_part_and_its_group()
    {
        var parts = PooledParts.Random(100);
        var model = GammaPoisson.Learn(parts, 1, TestContext.Current.CancellationToken);
        var group = model.Forecast(new("new", 12, []), 1).Mean[0];
        foreach (var part in parts)
        {
            var own = DiscountedDemand.Of(part.Demand, model.Discount);
            var level = own.Sum / own.Periods;
            var forecast = model.Forecast(part, 3);
            Assert.InRange(forecast.Mean[0], Math.Min(level, group * .2), Math.Max(level, group * 40)); // the group's level is in lots
            Assert.Equal(forecast.Mean[0], forecast.Mean[2]);
        }
    }

    [Fact]
    public void A_new_part_sells_like_its_group()
    {
        PartHistory[] parts =
        [
            .. PooledParts.Random(50, level: 8).Select(p => p with { Id = "a" + p.Id, Group = "brakes/pads/" }),
            .. PooledParts.Random(50, level: .2).Select(p => p with { Id = "b" + p.Id, Group = "glass/" }),
        ];
        var model = GammaPoisson.Learn(parts, 1, TestContext.Current.CancellationToken);
        Assert.InRange(Level("brakes/pads/"), 6, 10);
        Assert.InRange(Level("brakes/discs/"), 6, 10); // unknown group: its parent speaks
        Assert.InRange(Level("glass/"), .1, .4);
        Assert.InRange(Level(""), 2, 6);

        double Level(string group) => model.Forecast(new PartHistory("new", 12, [double.NaN]) { Group = group }, 1).Mean[0];
    }

    [Fact]
    public void Demand_that_drifts_is_discounted_faster_than_demand_that_stays()
    {
        var steady = GammaPoisson.Learn(PooledParts.Random(200), 1, TestContext.Current.CancellationToken);
        var drifting = GammaPoisson.Learn(PooledParts.Random(200, drift: .4), 1, TestContext.Current.CancellationToken);
        Assert.True(steady.Discount >= .99);
        Assert.True(drifting.Discount <= .9);
    }
}
