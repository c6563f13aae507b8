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
        using var change = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/campaigns/{campaign}")
        {
            Content = JsonContent.Create(new { name = "other", preset = "garages", governorates = new[] { "TN-61" } }), Headers = { { "If-Match", "*" } },
        };
        (await client.SendAsync(change, Rig.Cancellation)).EnsureSuccessStatusCode();
        await EndsWithoutACallAsync(rig, client, waiting, run);
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
