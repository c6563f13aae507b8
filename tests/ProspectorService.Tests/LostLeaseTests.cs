using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Prospector;
using Shabou.Testing;

namespace Shabou.ProspectorService.Tests;

public sealed class LostLeaseTests(TestServers servers)
{
    [Fact]
    public async Task A_page_that_arrives_after_its_worker_lost_the_job_is_paid_and_stored_by_the_new_worker_only()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start(("Jobs:RescueInterval", "00:00:00.1")).SignedIn();
        var campaign = await Rig.CreateCampaignAsync(client, ["Kasserine"], ["garage"], 1);
        await rig.Simulator.SlowAsync(TimeSpan.FromSeconds(2.5));
        var job = await Rig.StartRunAsync(client, campaign);
        await Rig.UntilAsync(async () => await rig.Simulator.TotalAsync() == 1); // between its reservation and its page
        await rig.SqlAsync($"UPDATE jobs.jobs SET lease_until = now() - interval '1 second' WHERE kind = 'prospector.campaign'");
        var run = await Rig.ResultAsync(client, job);
        Assert.Equal("completed", run.GetProperty("state").GetString());
        await Rig.UntilAsync(async () => (await rig.LedgerAsync()).Count(row => row.Outcome == "200") == 2); // the late answer is here, and settled

        var ledger = await rig.LedgerAsync();
        Assert.Equal(2, ledger.Count);
        Assert.Equal(2, await rig.Simulator.TotalAsync());
        Assert.Equal(2, (await rig.WindowAsync(BudgetWindowKind.Day)).Used);
        var stored = await rig.Database().CampaignRuns.SingleAsync(Rig.Cancellation);
        Assert.Equal((CampaignRunState.Completed, run.GetProperty("found").GetInt32(), stored.Found), (stored.State, stored.Found, stored.NewLeads + stored.Duplicates));
        Assert.Equal(stored.NewLeads, await rig.Database().Leads.CountAsync(Rig.Cancellation));
    }
}
