using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>Effects of known size are found, effects that are not there are not.</summary>
public sealed class RegressorEffectsTests
{
    [Fact]
    public void A_promotion_that_sells_60_percent_more_is_seen()
    {
        var sum = 0.0;
        for (var seed = 0; seed < 40; seed++)
        {
            var (history, flags) = Demand(seed, periods: 72, effect: 0.6);
            var effects = RegressorEffects.Estimate(history, 12, [flags]);
            Assert.True(effects.Multiplicative);
            Assert.InRange(effects.Effects[0], 0.2, 0.8);
            sum += effects.Effects[0];
        }

        Assert.Equal(Math.Log(1.6), sum / 40, 0.03); // 0.47
    }

    [Fact]
    public void A_regressor_without_effect_is_seldom_believed()
    {
        var believed = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var (history, _) = Demand(seed, periods: 72, effect: 0);
            var (_, flags) = Demand(seed + 1_000, periods: 72, effect: 0);
            if (RegressorEffects.Estimate(history, 12, [flags]).Any) believed++;
        }

        Assert.InRange(believed, 0, 10); // 5 %
    }

    [Fact]
    public void Of_two_regressors_only_the_one_with_an_effect_is_believed()
    {
        var (history, flags) = Demand(3, periods: 96, effect: 0.8);
        var (_, other) = Demand(4, periods: 96, effect: 0);
        var effects = RegressorEffects.Estimate(history, 12, [other, flags]);
        Assert.Equal(0, effects.Effects[0]);
        Assert.Equal(Math.Log(1.8), effects.Effects[1], 0.12);
        Assert.True(Math.Abs(effects.Significances[0]) < RegressorEffects.SmallestT);
        Assert.True(effects.Significances[1] > RegressorEffects.SmallestT);
    }

    [Fact]
    public void Two_occurrences_prove_nothing()
    {
        var flags = new double[72];
        flags[20] = flags[50] = 1;
        var (history, _) = Demand(1, periods: 72, effect: 0);
        history[20] *= 3;
        history[50] *= 3;
        Assert.False(RegressorEffects.Estimate(history, 12, [flags]).Any);
        flags[61] = 1;
        history[61] *= 3;
        Assert.True(RegressorEffects.Estimate(history, 12, [flags]).Any);
    }

    [Fact]
    public void What_the_season_explains_is_not_credited_to_a_regressor()
    {
        var (history, _) = Demand(2, periods: 72, effect: 0);
        double[] december = [.. Enumerable.Range(0, 72).Select(t => t % 12 == 11 ? 1.0 : 0)];
        for (var t = 11; t < 72; t += 12) history[t] *= 2;
        Assert.False(RegressorEffects.Estimate(history, 12, [december]).Any);
    }

    [Fact]
    public void Effects_of_demand_that_is_often_zero_are_units()
    {
        var random = new Random(11);
        double[] flags = [.. Enumerable.Range(0, 90).Select(_ => random.NextDouble() < 0.15 ? 1.0 : 0)];
        double[] history = [.. flags.Select(flag => (random.NextDouble() < 0.3 ? random.Next(1, 4) : 0) + 6 * flag)];
        var effects = RegressorEffects.Estimate(history, 1, [flags]);
        Assert.False(effects.Multiplicative);
        Assert.Equal(6, effects.Effects[0], 0.8);
    }

    [Fact]
    public void Known_promotions_ahead_are_put_back_into_the_forecast()
    {
        double plainSum = 0, withoutSum = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            var (history, flags) = Demand(seed, periods: 72, effect: 1);
            double[] known = [.. flags, 0, 1, 0], with = new double[12], without = new double[12], plain = new double[12];
            RegressorEffects.Forecast(new Theta(), history, 12, [known], with);
            RegressorEffects.Forecast(new Theta(), history, 12, [flags], without); // nothing known ahead
            new Theta().Forecast(history, 12, plain);
            Assert.Equal(without[0], with[0], 9);
            Assert.InRange(with[1] / without[1], 1.7, 2.3);
            (plainSum, withoutSum) = (plainSum + plain.Sum(), withoutSum + without.Sum());
        }

        Assert.InRange(withoutSum / plainSum, 0.85, 0.97); // the past promotions, one month in eight, no longer lift the level
    }

    [Fact]
    public void Removing_and_putting_back_is_the_identity()
    {
        var (history, flags) = Demand(6, periods: 72, effect: 1);
        history[7] = double.NaN;
        var effects = RegressorEffects.Estimate(history, 12, [flags]);
        double[] copy = [.. history];
        effects.Remove(copy, [flags]);
        Assert.True(double.IsNaN(copy[7]));
        Assert.Contains(copy.Zip(history), pair => pair.First < pair.Second);
        effects.PutBack(copy, [flags], 0);
        for (var t = 0; t < copy.Length; t++) Assert.Equal(history[t], copy[t], 9);
    }

    [Fact]
    public void Without_a_believed_effect_nothing_changes_to_the_bit()
    {
        double[] history = [3, 5, 4, double.NaN, 6], mean = new double[4], plain = new double[4];
        var effects = RegressorEffects.Forecast(new Theta(), history, 1, [[1, 0, 0, 1, 1, 1, 1]], mean);
        new Theta().Forecast(history, 1, plain);
        Assert.False(effects.Any);
        Assert.Equal(plain, mean);
    }

    [Fact]
    public void Effects_are_numbers_whatever_history_and_regressors_are()
    {
        foreach (var (history, season) in BadInput.Histories())
        {
            double[] alternating = [.. Enumerable.Range(0, history.Length).Select(t => (double)(t % 2))];
            double[] odd = [double.NaN, double.PositiveInfinity, 1e200, 5, 5, 1e12];
            var effects = RegressorEffects.Estimate(history, season, [alternating, alternating, odd, [], history]);
            Assert.All(effects.Effects, effect => Assert.True(double.IsFinite(effect)));
            Assert.All(effects.Significances, t => Assert.True(double.IsFinite(t)));
        }

        Assert.False(RegressorEffects.Estimate([], 12, [[1]]).Any);
        Assert.False(RegressorEffects.Estimate([double.NaN, double.NaN], 12, [[1]]).Any);
    }

    // Level 50 with a season of 30 % and noise of 12 %; one month in eight is flagged.
    private static (double[] History, double[] Flags) Demand(int seed, int periods, double effect)
    {
        var random = new Random(seed);
        double[] history = new double[periods], flags = new double[periods];
        for (var t = 0; t < periods; t++)
        {
            flags[t] = random.Next(8) == 0 ? 1 : 0;
            var noise = random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5; // standard deviation 1/2
            history[t] = 50 * (1 + 0.3 * Math.Sin(t * Math.PI / 6)) * (1 + effect * flags[t]) * Math.Exp(0.24 * noise);
        }

        return (history, flags);
    }
}
