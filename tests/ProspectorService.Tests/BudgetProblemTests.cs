using System.Net.Http.Json;
using System.Text.Json;
using Shabou.ProspectorService.Budgets;
using Shabou.Testing;

namespace Shabou.ProspectorService.Tests;

public sealed class BudgetProblemTests(TestServers servers)
{
    [Theory]
    [InlineData("UPDATE prospector.budget_switch SET killed = true", 503, "budget-killed")]
    [InlineData("UPDATE prospector.budget_switch SET calls_per_day = 0", 429, "budget-day-cap")]
    [InlineData("UPDATE prospector.budget_switch SET calls_per_month = 0", 429, "budget-month-cap")]
    [InlineData("DELETE FROM prospector.budget_switch", 503, "budget-ledger-down")]
    public async Task A_run_that_could_not_make_a_call_is_refused_with_the_time_to_come_back(string obstacle, int status, string type)
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        var campaign = await Rig.CreateCampaignAsync(client, ["Tunis"], ["garage"]);
        await rig.SqlAsync(System.Runtime.CompilerServices.FormattableStringFactory.Create(obstacle));
        using var response = await client.PostAsync($"/api/v1/campaigns/{campaign}/runs", null, Rig.Cancellation);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal($"/problems/{type}", (await response.Content.ReadFromJsonAsync<JsonElement>(Rig.Cancellation)).GetProperty("type").GetString());
        Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Empty(await rig.LedgerAsync());
    }

    [Theory]
    [InlineData("Prospector:PlacesBudget:Prices:text-search-enterprise:ReadOn", "2020-01-01", 503, "budget-stale-price")]
    [InlineData("Prospector:PlacesBudget:MicrosPerMonth", "1", 429, "budget-money-cap")]
    public async Task Settings_that_allow_no_call_refuse_a_run_too(string key, string value, int status, string type)
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start((key, value), ("Prospector:PlacesBudget:Prices:text-search-enterprise:FreePerMonth", "0")).SignedIn();
        var campaign = await Rig.CreateCampaignAsync(client, ["Tunis"], ["garage"]);
        using var response = await client.PostAsync($"/api/v1/campaigns/{campaign}/runs", null, Rig.Cancellation);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(type, await response.Content.ReadAsStringAsync(Rig.Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_off_refuses_a_run()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        var campaign = await Rig.CreateCampaignAsync(client, ["Tunis"], ["garage"]);
        await rig.MoveLedgerClockAsync(TimeSpan.FromHours(26));
        using var response = await client.PostAsync($"/api/v1/campaigns/{campaign}/runs", null, Rig.Cancellation);
        Assert.Equal(503, (int)response.StatusCode);
        Assert.Contains("budget-clock-suspect", await response.Content.ReadAsStringAsync(Rig.Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_for_an_obstacle_reserves_nothing()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget(("Prospector:PlacesBudget:CallsPerDay", "1"));
        for (var i = 0; i < 3; i++) Assert.Null(await budget.FindObstacleAsync(PlacesSku.TextSearchEnterprise, Rig.Cancellation));
        Assert.Empty(await rig.LedgerAsync());
        Assert.IsType<BudgetDecision.Granted>(await budget.ReserveAsync(PlacesSku.TextSearchEnterprise, "a", null, Rig.Cancellation));
        Assert.Equal(DenialReason.DayCap, (await budget.FindObstacleAsync(PlacesSku.TextSearchEnterprise, Rig.Cancellation))?.Reason);
    }
}
