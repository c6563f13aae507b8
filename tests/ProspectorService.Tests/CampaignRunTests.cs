using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Jobs;
using Shabou.Schema.Prospector;
using Shabou.Testing;

namespace Shabou.ProspectorService.Tests;

public sealed class CampaignRunTests(TestServers servers)
{
    [Fact]
    public async Task A_run_stores_what_it_finds_and_counts_it_exactly()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        var campaign = await Rig.CreateCampaignAsync(client, ["Zaghouan", "Tozeur"], ["pièces auto", "garage"]);
        var run = await Rig.RunAsync(client, campaign);
        Assert.Equal("completed", run.GetProperty("state").GetString());
        Assert.Equal(4, run.GetProperty("searchesDone").GetInt32());

        var (calls, found, created, duplicates) = Counts(run);
        Assert.Equal(await rig.Simulator.TotalAsync(), calls);
        Assert.Equal((await rig.WindowAsync(BudgetWindowKind.Day)).Used, calls);
        Assert.Equal(await rig.Database().Leads.CountAsync(Rig.Cancellation), created);
        Assert.Equal(found, created + duplicates);
        Assert.True(duplicates > 0, "Overlapping searches find the same places.");
        Assert.All(await rig.LedgerAsync(), row => Assert.Equal(BudgetReservationState.Committed, row.State));
    }

    [Fact]
    public async Task A_second_run_finds_nothing_new()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        var campaign = await Rig.CreateCampaignAsync(client, ["Kébili"], ["pièces auto", "garage"]);
        var first = Counts(await Rig.RunAsync(client, campaign));
        var second = Counts(await Rig.RunAsync(client, campaign));
        Assert.Equal((first.Found, 0, first.Found), (second.Found, second.New, second.Duplicates));
        Assert.Equal(first.New, await rig.Database().Leads.CountAsync(Rig.Cancellation));
    }

    [Fact]
    public async Task A_run_stops_exactly_at_the_day_cap()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start(("Prospector:PlacesBudget:CallsPerDay", "7")).SignedIn();
        await StopsAfterSevenCallsAsync(rig, client, "day-cap");
    }

    [Fact]
    public async Task A_run_stops_exactly_at_the_month_cap()
    {
        await using var rig = await Rig.NewAsync(servers);
        var host = rig.Start();
        using var client = host.SignedIn();
        await rig.SqlAsync($"UPDATE prospector.budget_switch SET calls_per_month = 7");
        await StopsAfterSevenCallsAsync(rig, client, "month-cap");
    }

    [Fact]
    public async Task A_replica_that_takes_over_goes_on_where_the_other_stopped_and_repeats_no_paid_page()
    {
        await using var rig = await Rig.NewAsync(servers);
        var first = rig.Start();
        using var client = first.SignedIn();
        var campaign = await Rig.CreateCampaignAsync(client, ["Tunis", "Sfax", "Sousse", "Nabeul"], ["garage", "pièces auto", "pneus"]);
        var job = await Rig.StartRunAsync(client, campaign);
        await Rig.UntilAsync(async () => await rig.Simulator.PagesAsync() >= 4);
        await rig.Simulator.FaultAsync("Timeout", 1); // holds the run in its next call
        await first.DisposeAsync();
        var before = await rig.Database().CampaignRuns.SingleAsync(Rig.Cancellation);
        Assert.Equal(CampaignRunState.Running, before.State);
        Assert.True(before.Search > 0 || before.Page > 0);

        using var other = rig.Start().SignedIn();
        var run = await Rig.ResultAsync(other, job);
        Assert.Equal("completed", run.GetProperty("state").GetString());
        var ledger = await rig.LedgerAsync();
        Assert.Equal(await rig.Simulator.TotalAsync(), ledger.Count);
        Assert.Equal(ledger.Count, run.GetProperty("calls").GetInt32());
        var pages = ledger.Where(row => row.Outcome == "200").Select(row => row.IdempotencyKey).ToList();
        Assert.Equal(pages.Distinct().Count(), pages.Count);
        Assert.Equal(pages.Count, await rig.Simulator.PagesAsync());
        Assert.True(pages.Count > 20);
    }

    [Fact]
    public async Task A_worker_that_lost_its_job_stores_nothing()
    {
        await using var rig = await Rig.NewAsync(servers);
        var host = rig.Start(("Jobs:RescueInterval", "00:00:00.2"));
        using var client = host.SignedIn();
        var campaign = await Rig.CreateCampaignAsync(client, ["Kasserine"], ["garage", "pneus"]);
        await rig.Simulator.FaultAsync("Timeout", 1);
        var job = await Rig.StartRunAsync(client, campaign);
        await Rig.UntilAsync(async () => await rig.Simulator.TotalAsync() == 1); // its worker hangs in the first call
        await rig.SqlAsync($"UPDATE jobs.jobs SET lease_until = now() - interval '1 second'"); // as if it had been silent too long
        var run = await Rig.ResultAsync(client, job); // the service's second worker takes it over
        Assert.Equal("completed", run.GetProperty("state").GetString());
        await Rig.UntilAsync(async () => (await rig.LedgerAsync()).All(row => row.State != BudgetReservationState.Reserved));
        var ledger = await rig.LedgerAsync();
        Assert.Equal(await rig.Simulator.TotalAsync(), ledger.Count);
        Assert.Equal(ledger.Count, (await rig.WindowAsync(BudgetWindowKind.Day)).Used);
        Assert.Equal(run.GetProperty("newLeads").GetInt32(), await rig.Database().Leads.CountAsync(Rig.Cancellation));
        Assert.Equal(2, (await rig.Database().AllJobs.SingleAsync(j => j.Kind == "prospector.campaign", Rig.Cancellation)).Attempt);
    }

    [Theory]
    [InlineData("Error", 2, "completed", null)]
    [InlineData("Error", 3, "stopped", "places-unavailable")]
    [InlineData("MinuteQuota", 2, "completed", null)]
    [InlineData("MinuteQuota", 3, "stopped", "google-minute-quota")]
    [InlineData("DayQuota", 1, "stopped", "google-day-quota")]
    public async Task Faults_that_pass_are_tried_again_and_paid_and_others_stop_the_run(string fault, int count, string state, string? reason)
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        await rig.Simulator.FaultAsync(fault, count);
        var run = await Rig.RunAsync(client, await Rig.CreateCampaignAsync(client, ["Tunis"], ["garage"], pagesPerQuery: 1));
        Assert.Equal((state, reason), (run.GetProperty("state").GetString(), run.GetProperty("stopReason").GetString()));
        var calls = state == "completed" ? count + 1 : count;
        Assert.Equal(calls, run.GetProperty("calls").GetInt32());
        Assert.Equal(calls, await rig.Simulator.TotalAsync());
    }

    [Fact]
    public async Task A_wrong_key_stops_the_run_after_one_call()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start(("Places:ApiKey", "another-key")).SignedIn();
        var run = await Rig.RunAsync(client, await Rig.CreateCampaignAsync(client, ["Tunis"], ["garage"]));
        Assert.Equal("key-refused", run.GetProperty("stopReason").GetString());
        Assert.Equal(1, await rig.Simulator.TotalAsync());
    }

    [Fact]
    public async Task The_kill_switch_lets_the_call_under_way_end_and_no_other_begin()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start(("Places:Timeout", "00:00:02")).SignedIn();
        await rig.Simulator.FaultAsync("Timeout", 1);
        var job = await Rig.StartRunAsync(client, await Rig.CreateCampaignAsync(client, ["Tunis"], ["garage"]));
        await Rig.UntilAsync(async () => await rig.Simulator.TotalAsync() == 1);
        await rig.SqlAsync($"UPDATE prospector.budget_switch SET killed = true");
        Assert.Equal("killed", (await Rig.ResultAsync(client, job)).GetProperty("stopReason").GetString());
        Assert.Equal(1, await rig.Simulator.TotalAsync());
    }

    [Fact]
    public async Task A_campaign_has_one_run_at_a_time_and_a_dead_one_makes_room()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        var campaign = await Rig.CreateCampaignAsync(client, ["Tunis"], ["garage"], pagesPerQuery: 1);
        await rig.Simulator.FaultAsync("Timeout", 1);
        var job = await Rig.StartRunAsync(client, campaign);
        using var second = await client.PostAsync($"/api/v1/campaigns/{campaign}/runs", null, Rig.Cancellation);
        Assert.Equal(409, (int)second.StatusCode);
        await rig.SqlAsync($"UPDATE jobs.jobs SET state = {nameof(JobState.Dead)}, lease_token = NULL, lease_until = NULL");
        Assert.NotEqual(job, await Rig.StartRunAsync(client, campaign));
        var runs = await client.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{campaign}/runs", Rig.Cancellation);
        Assert.Equal("failed", runs.GetProperty("items")[0].GetProperty("stopReason").GetString());
    }

    private static async Task StopsAfterSevenCallsAsync(Rig rig, HttpClient client, string reason)
    {
        var run = await Rig.RunAsync(client, await Rig.CreateCampaignAsync(client, ["Tunis", "Sfax"], ["garage", "pièces auto"]));
        Assert.Equal(("stopped", reason), (run.GetProperty("state").GetString(), run.GetProperty("stopReason").GetString()));
        Assert.NotEqual(JsonValueKind.Null, run.GetProperty("retryAt").ValueKind);
        Assert.Equal(7, run.GetProperty("calls").GetInt32());
        Assert.Equal(7, await rig.Simulator.TotalAsync());
        foreach (var kind in Enum.GetValues<BudgetWindowKind>()) Assert.Equal(7, (await rig.WindowAsync(kind)).Used);
    }

    private static (int Calls, int Found, int New, int Duplicates) Counts(JsonElement run) => (
        run.GetProperty("calls").GetInt32(), run.GetProperty("found").GetInt32(), run.GetProperty("newLeads").GetInt32(), run.GetProperty("duplicates").GetInt32());
}
