using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Jobs;
using Shabou.ProspectorService.Budgets;
using Shabou.Schema;
using Shabou.Schema.Ops;
using Shabou.Testing;
using static Shabou.ProspectorService.Budgets.BudgetDecision;

namespace Shabou.ProspectorService.Tests;

public sealed class ReconcileBudgetTests(TestServers servers)
{
    [Fact]
    public async Task A_ledger_that_agrees_with_its_windows_is_left_alone()
    {
        await using var rig = await Rig.NewAsync(servers);
        var services = rig.Start(("Prospector:PlacesBudget:Prices:text-search-enterprise:FreePerMonth", "0")).Services;
        await SpendAsync(services.GetRequiredService<PlacesBudget>(), 20);
        var result = await services.GetRequiredService<ReconcileBudget>().RunAsync(Rig.Cancellation);
        Assert.Equal((2, 0, false), (result.Windows, result.LargestDrift, result.Killed));
        Assert.Empty(result.Drifts);
        Assert.Empty(await rig.Database().Alerts.ToListAsync(Rig.Cancellation));
    }

    [Theory]
    [InlineData("UPDATE prospector.budget_windows SET used = used - 1 WHERE kind = 'Month'", "Month")]
    [InlineData("UPDATE prospector.budget_windows SET cost_micros = cost_micros - 35000 WHERE kind = 'Day'", "Day")]
    [InlineData("DELETE FROM prospector.budget_windows WHERE kind = 'Day'", "Day")]
    [InlineData("DELETE FROM prospector.budget_reservations WHERE idempotency_key = 'key-3'", "Month")]
    public async Task A_drift_of_more_than_one_percent_stops_all_calls_and_says_so_once(string damage, string window)
    {
        await using var rig = await Rig.NewAsync(servers);
        var host = rig.Start(("Prospector:PlacesBudget:Prices:text-search-enterprise:FreePerMonth", "0"));
        var (budget, reconcile) = (host.Services.GetRequiredService<PlacesBudget>(), host.Services.GetRequiredService<ReconcileBudget>());
        await SpendAsync(budget, 20);
        await rig.Database().Database.ExecuteSqlRawAsync(damage, Rig.Cancellation);
        var result = await reconcile.RunAsync(Rig.Cancellation);
        await reconcile.RunAsync(Rig.Cancellation);
        Assert.True(result.Killed);
        Assert.Contains(result.Drifts, drift => drift.StartsWith(window, StringComparison.Ordinal));
        Assert.Equal(DenialReason.Killed, Assert.IsType<Denied>(await budget.ReserveAsync(PlacesSku.TextSearchEnterprise, "after", null, Rig.Cancellation)).Reason);
        var alert = Assert.Single(await rig.Database().Alerts.ToListAsync(Rig.Cancellation));
        Assert.Equal(("budget-drift", AlertSeverity.Critical), (alert.Kind, alert.Severity));
        Assert.Contains(window, JsonDocument.Parse(alert.Detail!).RootElement.GetProperty("windows").ToString(), StringComparison.Ordinal);
        Assert.Equal(("killed", "reconcile"), Assert.Single(await rig.Database().BudgetChanges.ToListAsync(Rig.Cancellation)) is var change ? (change.What, change.Actor) : default);
    }

    [Fact]
    public async Task A_drift_within_one_percent_is_told_and_stops_nothing()
    {
        await using var rig = await Rig.NewAsync(servers);
        var services = rig.Start().Services;
        await SpendAsync(services.GetRequiredService<PlacesBudget>(), 5, units: 20);
        await rig.SqlAsync($"UPDATE prospector.budget_windows SET used = used + 1 WHERE kind = 'Month'");
        var result = await services.GetRequiredService<ReconcileBudget>().RunAsync(Rig.Cancellation);
        Assert.Equal((1, false), (result.Drifts.Count, result.Killed));
    }

    [Fact]
    public async Task As_a_job_it_tells_what_it_found()
    {
        await using var rig = await Rig.NewAsync(servers);
        var host = rig.Start();
        using var client = host.SignedIn();
        await SpendAsync(host.Services.GetRequiredService<PlacesBudget>(), 3);
        await using var scope = host.Services.CreateAsyncScope();
        var job = scope.ServiceProvider.GetRequiredService<JobQueue>().Enqueue(ReconcileBudgetJob.Kind, new ReconcileBudgetJob.Order());
        await scope.ServiceProvider.GetRequiredService<ShabouContext>().SaveChangesAsync(Rig.Cancellation);
        var result = await Rig.ResultAsync(client, $"/api/v1/jobs/{job.Id}");
        Assert.Equal((2, false), (result.GetProperty("windows").GetInt32(), result.GetProperty("killed").GetBoolean()));
    }

    private static async Task SpendAsync(PlacesBudget budget, int calls, int units = 1)
    {
        for (var i = 0; i < calls; i++)
        {
            var granted = Assert.IsType<Granted>(await budget.ReserveAsync(new BudgetWish(PlacesSku.TextSearchEnterprise, $"key-{i}", Units: units), Rig.Cancellation));
            await budget.CommitAsync(granted.Reservation, "200");
        }
    }
}
