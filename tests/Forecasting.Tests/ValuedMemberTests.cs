using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>ABC decides who gets the member that costs most.</summary>
public sealed class ValuedMemberTests
{
    private const double UnknownValue = 1;
    private static readonly Lazy<ForecastModel> s_learned = new(() =>
        ForecastModel.Learn([.. Enumerable.Range(0, 40).Select(i => Part(season: 4, value: 1 + i % 10) with { Id = $"P{i:D2}" })], new() { Horizon = 4, Origins = 2 }, 2, CancellationToken.None));

    [Fact]
    public void A_part_of_class_a_takes_a_quarter_of_arima()
    {
        var (cheap, dear) = (s_learned.Value.Forecast(Part(4, .01)), s_learned.Value.Forecast(Part(4, 100)));
        Assert.Equal((AbcClass.C, AbcClass.A), (cheap.Abc, dear.Abc));
        var arima = new double[4];
        new AutoArima().Forecast(Part(4, 100).Demand, 4, arima);
        Assert.Equal(cheap.Mean.Select((mean, step) => .75 * mean + .25 * arima[step]), dear.Mean, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.NotEqual(cheap.Mean, dear.Mean);
    }

    [Fact]
    public void The_quantiles_move_with_the_mean()
    {
        var (cheap, dear) = (s_learned.Value.Forecast(Part(4, .01)), s_learned.Value.Forecast(Part(4, 100)));
        for (var i = 0; i < cheap.Quantiles.Length; i++)
            Assert.Equal(dear.Mean[i % 4] - cheap.Mean[i % 4], dear.Quantiles[i] - cheap.Quantiles[i], 1e-9);
    }

    [Fact]
    public void The_choice_names_arima_with_its_weight_and_still_adds_up()
    {
        var choice = s_learned.Value.Forecast(Part(4, 100)).Choice;
        Assert.Equal(.25, Assert.Single(choice.Candidates, candidate => candidate.Method == "arima").Weight);
        Assert.Equal(1, choice.Candidates.Sum(candidate => candidate.Weight), 9);
        Assert.Contains("arima, which a part of this value is worth", choice.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(s_learned.Value.Forecast(Part(4, .01)).Choice.Candidates, candidate => candidate.Method == "arima");
    }

    [Fact]
    public void In_a_small_assortment_a_part_of_unknown_value_counts_as_valuable() =>
        Assert.Contains(s_learned.Value.Forecast(Part(4, UnknownValue) with { Demand = Small() }).Choice.Candidates, candidate => candidate.Method == "arima");

    [Fact]
    public void Long_cycles_and_seldom_demand_do_without()
    {
        Assert.False(ValuedMember.IsFor(s_learned.Value, Part(12, 100), DemandRoute.Regular, 40));
        Assert.False(ValuedMember.IsFor(s_learned.Value, Part(4, 100), DemandRoute.Regular, ValuedMember.LongestHistory + 1));
        Assert.False(ValuedMember.IsFor(s_learned.Value, Part(4, 100), DemandRoute.Seldom, 40));
        Assert.True(ValuedMember.IsFor(s_learned.Value, Part(4, 100), DemandRoute.Regular, 40));
    }

    private static PartHistory Part(int season, double value) =>
        new("part", season, [.. Enumerable.Range(0, 40).Select(t => 100.0 + t + 10 * (t % 4) + t * 7919 % 13)]) { UnitValue = value };

    private static double[] Small() => [.. Part(4, 1).Demand.Select(demand => demand / 1000)];
}
