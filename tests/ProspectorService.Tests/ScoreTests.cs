using Shabou.ProspectorService.Leads;

namespace Shabou.ProspectorService.Tests;

public sealed class ScoreTests
{
    private static readonly ScoreInputs Nothing = new(null, [], HasPhone: false, HasSite: false, Rating: null, IsNear: false);
    private static readonly ScoreInputs Best = new("OPERATIONAL", ["car_repair", "store"], HasPhone: true, HasSite: true, Rating: 5, IsNear: true);

    [Fact]
    public void A_lead_of_which_nothing_is_known_has_no_points_and_no_reasons() => AssertScore(0, [], Nothing);

    [Fact]
    public void The_best_lead_has_all_hundred() =>
        AssertScore(100, ["operational 20", "trade-car-repair 25", "has-phone 20", "has-site 10", "rating-high 15", "near 10"], Best);

    [Fact]
    public void Nothing_makes_up_for_a_business_that_is_closed_for_good() =>
        AssertScore(0, ["closed-permanently 0"], Best with { BusinessStatus = "CLOSED_PERMANENTLY" });

    [Fact]
    public void One_that_is_closed_for_now_loses_points_and_never_falls_below_zero()
    {
        AssertScore(60, ["closed-temporarily -20", "trade-car-repair 25", "has-phone 20", "has-site 10", "rating-high 15", "near 10"], Best with { BusinessStatus = "CLOSED_TEMPORARILY" });
        AssertScore(0, ["closed-temporarily -20"], Nothing with { BusinessStatus = "CLOSED_TEMPORARILY" });
    }

    [Theory]
    [InlineData(5.0, "rating-high 15")]
    [InlineData(4.5, "rating-high 15")]
    [InlineData(4.4, "rating-good 10")]
    [InlineData(4.0, "rating-good 10")]
    [InlineData(3.9, "rating-fair 5")]
    [InlineData(3.0, "rating-fair 5")]
    [InlineData(2.9, null)]
    [InlineData(double.NaN, null)]
    public void A_rating_counts_in_three_steps(double rating, string? reason) =>
        Assert.Equal(reason is null ? [] : new[] { reason }, Reasons(LeadScore.Of(Nothing with { Rating = rating })));

    [Theory]
    [InlineData("trade-car-repair 25", "store", "car_repair", "tire_shop")]
    [InlineData("trade-auto-parts-store 20", "store", "auto_parts_store")]
    [InlineData("trade-tire-shop 15", "tire_shop", "car_dealer")]
    [InlineData("trade-car-dealer 10", "car_dealer")]
    [InlineData(null, "restaurant")]
    public void The_best_trade_counts_once(string? reason, params string[] types) =>
        Assert.Equal(reason is null ? [] : new[] { reason }, Reasons(LeadScore.Of(Nothing with { Types = types })));

    [Fact]
    public void The_score_is_the_sum_of_its_reasons_between_0_and_100_and_says_which_rules_made_it()
    {
        string?[] statuses = [null, "OPERATIONAL", "CLOSED_TEMPORARILY", "CLOSED_PERMANENTLY", "SOMETHING_NEW"];
        string[][] trades = [[], ["car_repair"], ["auto_parts_store"], ["tire_shop"], ["car_dealer"]];
        double?[] ratings = [null, 1, 3, 4, 5];
        var all = from status in statuses from trade in trades from rating in ratings from bits in Enumerable.Range(0, 8)
                  select LeadScore.Of(new(status, trade, (bits & 1) != 0, (bits & 2) != 0, rating, (bits & 4) != 0));
        Assert.All(all, score =>
        {
            Assert.Equal(Math.Clamp(score.Reasons.Sum(reason => reason.Points), 0, 100), score.Value);
            Assert.Equal(LeadScore.CurrentVersion, score.Version);
            Assert.Equal(score.Reasons.Count, score.Reasons.DistinctBy(reason => reason.Code).Count());
        });
    }

    private static void AssertScore(int value, string[] reasons, ScoreInputs inputs)
    {
        var score = LeadScore.Of(inputs);
        Assert.Equal(value, score.Value);
        Assert.Equal(reasons, Reasons(score));
    }

    private static string[] Reasons(LeadScore score) => [.. score.Reasons.Select(reason => $"{reason.Code} {reason.Points}")];
}
