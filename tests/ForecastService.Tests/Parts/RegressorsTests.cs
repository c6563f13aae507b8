using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Parts;

namespace Shabou.ForecastService.Tests.Parts;

public sealed class RegressorsTests
{
    private static readonly int s_january = Periods.IndexOf('M', new DateOnly(2026, 1, 1));

    [Fact]
    public void A_promotion_counts_by_its_share_of_the_periods_days()
    {
        var share = Regressors.PromotedShare('M', s_january, 4, [Promoted("2026-01-22", "2026-02-14")]);
        Assert.Equal([10 / 31.0, 14 / 28.0, 0, 0], share);
    }

    [Fact]
    public void A_day_with_two_promotions_counts_once()
    {
        var share = Regressors.PromotedShare('M', s_january, 2, [Promoted("2026-02-05", "2026-02-10"), Promoted("2026-02-01", "2026-02-07"), Promoted("2026-02-02", "2026-02-03")]);
        Assert.Equal([0, 10 / 28.0], share);
    }

    [Fact]
    public void Days_before_and_after_the_grid_do_not_count()
    {
        var share = Regressors.PromotedShare('D', Periods.IndexOf('D', new DateOnly(2026, 1, 1)), 3, [Promoted("2025-01-01", "2026-01-01"), Promoted("2026-01-03", "2027-01-01")]);
        Assert.Equal([1, 0, 1], share);
    }

    [Fact]
    public void Kinds_are_influences_of_their_own_in_one_order_and_the_future_is_known()
    {
        var all = new Regressors(horizon: 2, holidaysFor: "").Of('M', s_january, 1, [Promoted("2026-03-01", "2026-03-31", "flyer"), Promoted("2026-01-01", "2026-01-31", "discount"), Promoted("2020-01-01", "2020-01-31", "old")]);
        Assert.Equal(2, all.Count);
        Assert.Equal([1, 0, 0], all[0]);
        Assert.Equal([0, 0, 1], all[1]);
    }

    [Fact]
    public void Holidays_are_influences_of_the_frequencies_that_have_them()
    {
        var week = Periods.IndexOf('W', new DateOnly(2026, 3, 16)); // Independence Day is Friday 2026-03-20
        var weeks = new Regressors(horizon: 1, holidaysFor: "DW").Of('W', week, 1, []);
        Assert.True(weeks[0][0] >= 1);
        Assert.Empty(new Regressors(horizon: 1, holidaysFor: "DW").Of('M', s_january, 1, []));
        Assert.Empty(new Regressors(horizon: 1, holidaysFor: "DWMQ").Of('D', Periods.IndexOf('D', new DateOnly(2199, 1, 1)), 1, [])); // beyond the calendar's years
    }

    private static PromotedDays Promoted(string from, string to, string kind = "promotion") =>
        new("A", null, kind, DateOnly.Parse(from, provider: null), DateOnly.Parse(to, provider: null));
}
