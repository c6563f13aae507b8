using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Prospector;
using Shabou.Testing;

namespace Shabou.ProspectorService.Tests;

public sealed class ContinuationTests(TestServers servers)
{
    [Fact]
    public async Task A_run_that_the_day_stopped_goes_on_by_itself_when_it_is_over_and_repeats_no_paid_page()
    {
        await using var rig = await Rig.NewAsync(servers);
        var poor = rig.Start(("Prospector:PlacesBudget:CallsPerDay", "7"));
        using var client = poor.SignedIn();
        var campaign = await Rig.CreateCampaignAsync(client, ["Tunis", "Sfax"], ["garage", "pièces auto"]);
        var stopped = await Rig.RunAsync(client, campaign);
        Assert.Equal("day-cap", stopped.GetProperty("stopReason").GetString());
        var waiting = await rig.Database().Jobs.SingleAsync(job => job.Kind == "prospector.campaign", Rig.Cancellation);
        Assert.Equal(stopped.GetProperty("retryAt").GetDateTimeOffset(), waiting.RunAt);
        await poor.DisposeAsync();

        await rig.SqlAsync($"UPDATE jobs.jobs SET run_at = now() WHERE id = {waiting.Id}"); // as if it were that time, with a new allowance
        using var richer = rig.Start().SignedIn();
        var run = await Rig.ResultAsync(richer, $"/api/v1/jobs/{waiting.Id}");
        Assert.Equal(("completed", stopped.GetProperty("id").GetGuid(), waiting.Id), (run.GetProperty("state").GetString(), run.GetProperty("id").GetGuid(), run.GetProperty("jobId").GetGuid()));
        var ledger = await rig.LedgerAsync();
        Assert.Equal(ledger.Count, run.GetProperty("calls").GetInt32());
        Assert.Equal(ledger.Count, ledger.Select(row => row.IdempotencyKey).Distinct().Count());
        Assert.Equal(ledger.Count, await rig.Simulator.TotalAsync());
        Assert.True(ledger.Count > 7);
        Assert.Single(await rig.Database().CampaignRuns.ToListAsync(Rig.Cancellation));
    }

    [Fact]
    public async Task Googles_day_quota_says_until_when_and_leaves_one_job_that_goes_on_then()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        await rig.Simulator.FaultAsync("DayQuota");
        var run = await Rig.RunAsync(client, await Rig.CreateCampaignAsync(client, ["Tunis"], ["garage"], 1));
        Assert.Equal("google-day-quota", run.GetProperty("stopReason").GetString());
        var retryAt = run.GetProperty("retryAt").GetDateTimeOffset();
        Assert.InRange(retryAt - DateTimeOffset.UtcNow, TimeSpan.Zero, TimeSpan.FromHours(25.1));
        Assert.Equal(retryAt, (await rig.Database().Jobs.SingleAsync(job => job.Kind == "prospector.campaign", Rig.Cancellation)).RunAt);
    }

    [Theory]
    [InlineData("Error")]
    [InlineData("MinuteQuota")]
    public async Task What_nobody_knows_the_end_of_leaves_no_job(string fault)
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        await rig.Simulator.FaultAsync(fault, 3);
        var run = await Rig.RunAsync(client, await Rig.CreateCampaignAsync(client, ["Tunis"], ["garage"], 1));
        Assert.Equal(("stopped", JsonValueKind.Null), (run.GetProperty("state").GetString(), run.GetProperty("retryAt").ValueKind));
        Assert.False(await rig.Database().Jobs.AnyAsync(job => job.Kind == "prospector.campaign", Rig.Cancellation));
    }

    [Theory]
    [InlineData("Error", "places-unavailable")]
    [InlineData("MinuteQuota", "google-minute-quota")]
    public async Task A_run_that_Google_failed_goes_on_when_it_is_run_again_and_repeats_no_stored_page(string fault, string reason)
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        var (campaign, stopped) = await FailedAsync(rig, client, fault);
        Assert.Equal((reason, 5), (stopped.GetProperty("stopReason").GetString(), stopped.GetProperty("calls").GetInt32()));

        var job = await Rig.StartRunAsync(client, campaign);
        var run = await Rig.ResultAsync(client, job);
        Assert.Equal(("completed", stopped.GetProperty("id").GetGuid()), (run.GetProperty("state").GetString(), run.GetProperty("id").GetGuid()));
        Assert.Equal($"/api/v1/jobs/{run.GetProperty("jobId").GetGuid()}", job);
        Assert.NotEqual(stopped.GetProperty("jobId").GetGuid(), run.GetProperty("jobId").GetGuid());
        var ledger = await rig.LedgerAsync();
        Assert.Equal((await rig.Simulator.TotalAsync(), ledger.Count), (ledger.Count, run.GetProperty("calls").GetInt32()));
        var pages = ledger.Where(row => row.Outcome == "200").Select(row => row.IdempotencyKey).ToList();
        Assert.Equal((ledger.Count - 3, ledger.Count - 3), (pages.Count, pages.Distinct().Count()));
        Assert.Single(await rig.Database().CampaignRuns.ToListAsync(Rig.Cancellation));
        Assert.Equal(run.GetProperty("newLeads").GetInt32(), await rig.Database().Leads.CountAsync(Rig.Cancellation));

        var next = await Rig.RunAsync(client, campaign); // that one is complete: the next is a sweep of its own
        Assert.Equal((pages.Count, false), (next.GetProperty("calls").GetInt32(), next.GetProperty("id").GetGuid() == run.GetProperty("id").GetGuid()));
    }

    [Fact]
    public async Task A_run_that_Google_failed_goes_on_once_however_many_ask()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        var (campaign, _) = await FailedAsync(rig, client, "Error");
        await rig.Simulator.SlowAsync(TimeSpan.FromSeconds(2)); // it is under way when all are answered
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.PostAsync($"/api/v1/campaigns/{campaign}/runs", null, Rig.Cancellation)));
        Assert.Equal([202, 409, 409, 409, 409, 409], answers.Select(answer => (int)answer.StatusCode).Order());
        var run = await Rig.ResultAsync(client, answers.Single(answer => answer.IsSuccessStatusCode).Headers.Location!.ToString());
        Assert.Equal("completed", run.GetProperty("state").GetString());
        var pages = (await rig.LedgerAsync()).Where(row => row.Outcome == "200").Select(row => row.IdempotencyKey).ToList();
        Assert.Equal(pages.Distinct(), pages);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task A_run_that_Google_failed_does_not_go_on_with_a_changed_campaign()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        var (campaign, stopped) = await FailedAsync(rig, client, "Error");
        await ChangeAsync(client, campaign);
        var run = await Rig.RunAsync(client, campaign);
        Assert.NotEqual(stopped.GetProperty("id").GetGuid(), run.GetProperty("id").GetGuid());
        Assert.Contains(await rig.LedgerAsync(), row => row.IdempotencyKey == $"{run.GetProperty("id").GetGuid()}/0/0");
    }

    [Fact]
    public async Task A_run_that_Google_failed_does_not_go_on_the_day_after_next()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        var (campaign, stopped) = await FailedAsync(rig, client, "Error");
        await rig.TravelAsync(TimeSpan.FromHours(25));
        var run = await Rig.RunAsync(client, campaign);
        Assert.NotEqual(stopped.GetProperty("id").GetGuid(), run.GetProperty("id").GetGuid());
        Assert.Equal("completed", run.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_new_run_takes_the_place_of_one_that_waits()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        var campaign = await Rig.CreateCampaignAsync(client, ["Tunis"], ["garage"], 1);
        var (first, waiting) = await WaitingAsync(rig, client, campaign);
        Assert.Equal("completed", (await Rig.RunAsync(client, campaign)).GetProperty("state").GetString());
        await EndsWithoutACallAsync(rig, client, waiting, first);
    }

    [Fact]
    public async Task A_campaign_that_was_changed_does_not_go_on_where_the_old_one_stood()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        var campaign = await Rig.CreateCampaignAsync(client, ["Tunis"], ["garage"], 1);
        var (run, waiting) = await WaitingAsync(rig, client, campaign);
        await ChangeAsync(client, campaign);
        await EndsWithoutACallAsync(rig, client, waiting, run);
    }

    private static async Task ChangeAsync(HttpClient client, Guid campaign)
    {
        using var change = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/campaigns/{campaign}")
        {
            Content = JsonContent.Create(new { name = "other", preset = "garages", governorates = new[] { "TN-61" } }), Headers = { { "If-Match", "*" } },
        };
        (await client.SendAsync(change, Rig.Cancellation)).EnsureSuccessStatusCode();
    }

    /// <summary>A run that stored two pages; then three tries of the third failed.</summary>
    private static async Task<(Guid Campaign, JsonElement Run)> FailedAsync(Rig rig, HttpClient client, string fault)
    {
        for (var page = 0; page < 2; page++) await rig.Simulator.SlowAsync(TimeSpan.FromMilliseconds(1));
        await rig.Simulator.FaultAsync(fault, 3);
        var campaign = await Rig.CreateCampaignAsync(client, ["Tunis"], ["garage", "pièces auto"]);
        return (campaign, await Rig.RunAsync(client, campaign));
    }

    private static async Task<(Guid Run, Guid Job)> WaitingAsync(Rig rig, HttpClient client, Guid campaign)
    {
        await rig.Simulator.FaultAsync("DayQuota");
        var run = await Rig.RunAsync(client, campaign);
        return (run.GetProperty("id").GetGuid(), await rig.Database().Jobs.Where(job => job.Kind == "prospector.campaign").Select(job => job.Id).SingleAsync(Rig.Cancellation));
    }

    private static async Task EndsWithoutACallAsync(Rig rig, HttpClient client, Guid job, Guid run)
    {
        var calls = await rig.Simulator.TotalAsync();
        await rig.SqlAsync($"UPDATE jobs.jobs SET run_at = now() WHERE id = {job}");
        Assert.Equal(JsonValueKind.Null, (await Rig.ResultAsync(client, $"/api/v1/jobs/{job}")).ValueKind);
        Assert.Equal(calls, await rig.Simulator.TotalAsync());
        var still = await rig.Database().CampaignRuns.SingleAsync(r => r.Id == run, Rig.Cancellation);
        Assert.Equal((CampaignRunState.Stopped, null), (still.State, still.RetryAt));
    }
}
