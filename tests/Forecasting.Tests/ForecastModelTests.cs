using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>Learning from many parts and forecasting one.</summary>
public sealed class ForecastModelTests
{
    private const int Season = 4; // quarters are learned in a fraction of the time of months

    private static readonly ForecastSettings Settings = new() { Horizon = 6, Origins = 2 };
    private static readonly Lazy<PartHistory[]> Assortment = new(() => [.. Parts()]);
    private static readonly Lazy<ForecastModel> Learned = new(() => ForecastModel.Learn(Assortment.Value, Settings, 2, CancellationToken.None));

    [Fact]
    public void Neither_threads_nor_order_change_a_model()
    {
        var bytes = Learned.Value.ToBytes();
        foreach (var threads in new[] { 1, 8 })
            Assert.Equal(bytes, ForecastModel.Learn([.. Assortment.Value.Reverse()], Settings, threads, TestContext.Current.CancellationToken).ToBytes());
    }

    [Fact]
    public void A_model_read_back_forecasts_the_same_bits()
    {
        var read = ForecastModel.FromBytes(Learned.Value.ToBytes());
        Assert.Equal(Learned.Value.ToBytes(), read.ToBytes());
        foreach (var part in Assortment.Value.Where((_, i) => i % 5 == 0))
        {
            var (before, after) = (Learned.Value.Forecast(part), read.Forecast(part));
            Assert.Equal(before.Mean, after.Mean);
            Assert.Equal(before.Quantiles, after.Quantiles);
            Assert.Equal(before.Protection.Quantiles, after.Protection.Quantiles);
            Assert.Equal(before.Choice.Reason, after.Choice.Reason);
            Assert.Equal(before.Scores, after.Scores);
        }
    }

    [Fact]
    public void Bytes_that_are_no_model_are_refused()
    {
        var bytes = Learned.Value.ToBytes();
        Assert.Throws<InvalidDataException>(() => ForecastModel.FromBytes([]));
        Assert.Throws<InvalidDataException>(() => ForecastModel.FromBytes("a quite different file"u8));
        Assert.Throws<InvalidDataException>(() => ForecastModel.FromBytes(bytes.AsSpan(0, bytes.Length / 2)));
        Assert.Throws<InvalidDataException>(() => ForecastModel.FromBytes([.. bytes, 0]));
        var newer = bytes.ToArray();
        newer[4]++;
        Assert.Throws<InvalidDataException>(() => ForecastModel.FromBytes(newer));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(30)]
    public void Any_history_gives_finite_numbers_that_do_not_cross(int season)
    {
        foreach (var (name, demand) in Odd())
        {
            var part = new PartHistory(name, season, demand) { Group = "brakes/pads/", ProtectionPeriods = 5 };
            AssertUsable(Learned.Value.Forecast(part), name);
            AssertUsable(ForecastModel.Learn([part], Settings, 1, TestContext.Current.CancellationToken).Forecast(part), name);
        }
    }

    [Fact]
    public void A_hundred_thousand_periods_are_forecast()
    {
        var part = new PartHistory("long", Season, [.. Enumerable.Range(0, 100_000).Select(t => (double)(t * 7919 % 13))]);
        AssertUsable(Learned.Value.Forecast(part), part.Id);
        AssertUsable(ForecastModel.Learn([part], Settings, 1, TestContext.Current.CancellationToken).Forecast(part), part.Id);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void Any_horizon_up_to_a_thousand_is_answered(int horizon)
    {
        var parts = Assortment.Value[..12];
        var model = ForecastModel.Learn(parts, new() { Horizon = horizon, Origins = 2 }, 2, TestContext.Current.CancellationToken);
        foreach (var part in parts)
        {
            Assert.Equal(horizon, model.Forecast(part).Mean.Length);
            AssertUsable(model.Forecast(part), part.Id);
        }
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(1001, 6)]
    [InlineData(12, -1)]
    [InlineData(12, 101)]
    public void Impossible_settings_are_refused(int horizon, int origins) => Assert.Throws<ArgumentOutOfRangeException>(
        () => ForecastModel.Learn([], new() { Horizon = horizon, Origins = origins }, 1, CancellationToken.None));

    [Fact]
    public void Without_scores_the_numbers_are_the_same()
    {
        foreach (var part in Assortment.Value.Where((_, i) => i % 5 == 0))
        {
            var (scored, unscored) = (Learned.Value.Forecast(part), Learned.Value.ForecastUnscored(part));
            Assert.Equal(scored.Mean, unscored.Mean);
            Assert.Equal(scored.Quantiles, unscored.Quantiles);
            Assert.Equal(scored.Protection.Quantiles, unscored.Protection.Quantiles);
            Assert.Equal(scored.Choice.Method, unscored.Choice.Method);
            Assert.Equal(PartScores.None, unscored.Scores);
        }
    }

    [Fact]
    public void Without_any_part_a_model_still_forecasts()
    {
        var model = ForecastModel.Learn([], Settings, 1, TestContext.Current.CancellationToken);
        AssertUsable(model.Forecast(new("alone", Season, [.. Enumerable.Range(0, 40).Select(t => 20.0 + t % 3)])), "alone");
        Assert.All(model.Forecast(new("new", Season, [])).Mean, mean => Assert.Equal(0, mean));
    }

    [Fact]
    public void A_new_part_sells_like_its_group_and_says_so()
    {
        var forecast = Learned.Value.Forecast(new("new", Season, []) { Group = "brakes/pads/" });
        var pads = Assortment.Value.Where(part => part.Group == "brakes/pads/").Select(part => part.Demand[^Season..].Average()).Average();
        Assert.Equal(pads, forecast.Mean[0], 9);
        Assert.Equal(Fallback.NoHistory, forecast.Choice.Fallback);
        Assert.Contains("brakes/pads/", forecast.Choice.Reason, StringComparison.Ordinal);
        Assert.True(forecast.Protection.Quantiles[^1] > forecast.Protection.Mean);
    }

    [Fact]
    public void A_new_part_of_an_unknown_group_sells_like_the_nearest_one_above()
    {
        var forecast = Learned.Value.Forecast(new("new", Season, []) { Group = "brakes/levers/left/" });
        var known = Learned.Value.Forecast(new("new", Season, []) { Group = "brakes/" });
        Assert.Equal(known.Mean, forecast.Mean);
    }

    [Fact]
    public void Few_observations_are_drawn_towards_the_group()
    {
        var group = Learned.Value.Forecast(new("new", Season, []) { Group = "brakes/pads/" }).Mean[0];
        var forecast = Learned.Value.Forecast(new("young", Season, [group + 100, group + 100]) { Group = "brakes/pads/" });
        Assert.Equal(Fallback.ShortHistory, forecast.Choice.Fallback);
        Assert.InRange(forecast.Mean[0], group + 0.001, group + 99.999);
    }

    [Fact]
    public void Nothing_is_expected_of_a_discontinued_part()
    {
        var forecast = Learned.Value.Forecast(Assortment.Value[0] with { Discontinued = true });
        Assert.Equal(Fallback.Discontinued, forecast.Choice.Fallback);
        Assert.All(forecast.Mean.Concat(forecast.Quantiles).Concat(forecast.Protection.Quantiles), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Every_part_is_counted_once()
    {
        PartHistory[] parts = [.. Assortment.Value, new("empty", Season, []), new("gone", Season, [1, 2, 3, 4, 5]) { Discontinued = true }, new("young", Season, [1, 2])];
        var counts = ForecastModel.Learn(parts, Settings, 2, TestContext.Current.CancellationToken).Counts;
        Assert.Equal(parts.Length, counts.Parts);
        Assert.Equal(parts.Length, counts.Classes.Sum());
        Assert.Equal([Assortment.Value.Length, 1, 1, 1, 0], counts.Fallbacks);
    }

    [Fact]
    public void Zero_naive_and_the_published_forecast_are_always_in_the_table()
    {
        foreach (var rows in Learned.Value.Backtest.GroupBy(row => (row.Season, row.Class, row.FirstStep, row.LastStep)))
        {
            Assert.Contains(rows, row => row.Accuracy.Method == "zero" && row.Accuracy.Bias == -1);
            Assert.Contains(rows, row => row.Accuracy.Method == "naive");
            Assert.Single(rows, row => row.Published);
        }

        Assert.NotEmpty(Learned.Value.Backtest);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)] // the first range of steps ends with the horizon
    [InlineData(4)]
    public void Season_class_steps_and_method_name_one_row_of_the_table(int horizon)
    {
        PartHistory[] parts = [.. Assortment.Value.Take(24), new("short and erratic", 12, [1, 30, 1, 2, 1, 1])]; // 3 steps can be held back of 6 periods
        var rows = ForecastModel.Learn(parts, new() { Horizon = horizon, Origins = 2 }, 2, TestContext.Current.CancellationToken).Backtest;
        Assert.Distinct(rows.Select(row => (row.Season, row.Class, row.FirstStep, row.LastStep, row.Accuracy.Method)));
        Assert.Contains(rows, row => row.Class is DemandClass.Erratic && row.LastStep == Math.Min(horizon, 3));
    }

    [Fact]
    public void The_choice_fits_its_columns_and_adds_up()
    {
        foreach (var part in Assortment.Value)
        {
            var choice = Learned.Value.Forecast(part).Choice;
            Assert.InRange(choice.Method.Length, 1, 40);
            Assert.InRange(choice.Reason.Length, 1, 500);
            Assert.Equal(1, choice.Candidates.Sum(candidate => candidate.Weight), 9);
        }
    }

    [Fact]
    public void Learning_stops_when_asked() => Assert.ThrowsAny<OperationCanceledException>(
        () => ForecastModel.Learn(Assortment.Value, Settings, 2, new CancellationToken(canceled: true)));

    private static void AssertUsable(PartForecast forecast, string name)
    {
        var steps = forecast.Mean.Length;
        Assert.All(forecast.Mean, mean => Assert.True(double.IsFinite(mean) && mean >= 0, name));
        for (var step = 0; step < steps; step++)
            for (var level = 0; level < QuantileForecast.Levels.Length; level++)
            {
                var quantile = forecast.Quantiles[level * steps + step];
                Assert.True(double.IsFinite(quantile) && quantile >= (level > 0 ? forecast.Quantiles[(level - 1) * steps + step] : 0), name);
            }

        Assert.True(double.IsFinite(forecast.Protection.Mean + forecast.Protection.StandardDeviation), name);
        for (var i = 0; i < forecast.Protection.Quantiles.Length; i++)
            Assert.True(double.IsFinite(forecast.Protection.Quantiles[i]) && forecast.Protection.Quantiles[i] >= (i > 0 ? forecast.Protection.Quantiles[i - 1] : 0), name);
    }

    private static IEnumerable<(string Name, double[] Demand)> Odd()
    {
        yield return ("empty", []);
        yield return ("missing", [double.NaN, double.NaN, double.NaN]);
        yield return ("one", [5]);
        yield return ("zeros", new double[40]);
        yield return ("constant", [.. Enumerable.Repeat(7.0, 40)]);
        yield return ("negative", [.. Enumerable.Range(0, 40).Select(t => t % 2 == 0 ? -5.0 : 3.0)]);
        yield return ("infinite", [1, double.PositiveInfinity, 2, double.NegativeInfinity, 3, 4, 5, 6]);
        yield return ("huge", [.. Enumerable.Range(0, 40).Select(t => 1e12 * (1 + t % 4))]);
        yield return ("huge and seldom", [.. Enumerable.Range(0, 40).Select(t => t % 7 == 3 ? 1e12 : 0)]);
        yield return ("tiny", [.. Enumerable.Range(0, 40).Select(t => 1e-9 * (1 + t % 4))]);
        yield return ("gaps", [.. Enumerable.Range(0, 40).Select(t => t % 3 == 0 ? double.NaN : t % 4)]);
        yield return ("exploding", [.. Enumerable.Range(0, 40).Select(t => Math.Pow(2, t))]);
    }

    // 36 smooth, 36 seldom: enough for segments of their own.
    private static IEnumerable<PartHistory> Parts()
    {
        var random = new Random(5);
        for (var i = 0; i < 72; i++)
        {
            var level = 1 + random.Next(40);
            var demand = new double[24 + random.Next(6)];
            for (var t = 0; t < demand.Length; t++)
                demand[t] = i % 2 == 0 ? level * 2 + random.Next(level) : random.NextDouble() < 0.3 ? 1 + random.Next(level) : 0;
            yield return new($"P{i:D3}", Season, demand) { Group = i % 3 == 0 ? "brakes/pads/" : i % 3 == 1 ? "brakes/discs/" : "engine/", ProtectionPeriods = 2 };
        }
    }
}
