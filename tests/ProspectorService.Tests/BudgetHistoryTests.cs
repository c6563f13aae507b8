using Microsoft.EntityFrameworkCore;
using Shabou.BudgetStorm;
using Shabou.ProspectorService.Budgets;
using Shabou.Testing;
using static Shabou.ProspectorService.Budgets.BudgetDecision;

namespace Shabou.ProspectorService.Tests;

/// <summary>Whatever happens in whatever order, the ledger stays within its caps: judged by rows alone.</summary>
public sealed class BudgetHistoryTests(TestServers servers)
{
    private static readonly Allowance Allowed = new(7, 16, 400_000);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public async Task No_history_passes_a_cap(int seed, bool backwards)
    {
        await using var rig = await Rig.NewAsync(servers);
        (string, string)[] settings =
        [
            ("Prospector:PlacesBudget:CallsPerDay", "7"), ("Prospector:PlacesBudget:CallsPerMonth", "16"), ("Prospector:PlacesBudget:MicrosPerMonth", "400000"),
            ("Prospector:PlacesBudget:Prices:text-search-enterprise:FreePerMonth", "3"), ("Prospector:PlacesBudget:Prices:text-search-enterprise:ReadOn", "2027-01-20"),
            ("Prospector:PlacesBudget:LapsedCheck", "01:00:00"),
        ];
        var budgets = new[] { rig.Budget(settings), rig.Budget(settings) };
        var (dice, held, granted) = (new Random(seed), new List<Reservation>(), 0);
        var now = new DateTimeOffset(2027, 1, 30, 12, 0, 0, TimeSpan.Zero);
        for (var step = 0; step < 60; step++)
        {
            now += dice.Next(4) == 0 ? TimeSpan.FromHours(dice.Next(backwards ? -5 : 1, 14)) : TimeSpan.FromMinutes(dice.Next(1, 3));
            await rig.TravelToAsync(now);
            switch (dice.Next(10))
            {
                case < 6:
                    var wishes = Enumerable.Range(0, 1 + dice.Next(4)).Select(i => new BudgetWish(PlacesSku.TextSearchEnterprise, $"key-{(dice.Next(3) == 0 ? dice.Next(step + 1) : step)}-{i}", Units: 1 + dice.Next(2))).ToList();
                    var decisions = await Task.WhenAll(wishes.Select((wish, i) => budgets[i % 2].ReserveAsync(wish, Rig.Cancellation)));
                    Assert.All(decisions.OfType<Denied>(), denied => Assert.True(denied.Reason is DenialReason.DayCap or DenialReason.MonthCap or DenialReason.MoneyCap, denied.Reason.ToString()));
                    held.AddRange(decisions.OfType<Granted>().Select(decision => decision.Reservation));
                    granted += decisions.OfType<Granted>().Count();
                    break;
                case < 9 when held.Count > 0:
                    var reservation = held[dice.Next(held.Count)]; // some more than once
                    if (dice.Next(3) == 0 && !backwards) await budgets[0].ReleaseAsync(reservation);
                    else await Task.WhenAll(budgets[0].CommitAsync(reservation, "200"), budgets[1].CommitAsync(reservation, "500"));
                    break;
                default:
                    await budgets[1].WriteOffLapsedAsync(Rig.Cancellation);
                    break;
            }
        }
        Assert.InRange(granted, 5, 60);
        // Where a clock went back the order of the rows is not that of the grants, so of the order nothing is said.
        var problems = await rig.CheckAsync(Allowed);
        Assert.Empty(backwards ? [.. problems.Where(problem => !problem.Contains("before it was reserved", StringComparison.Ordinal) && !problem.Contains("went back", StringComparison.Ordinal))] : problems);
    }
}
