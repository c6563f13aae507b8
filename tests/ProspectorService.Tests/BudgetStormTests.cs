using Shabou.BudgetStorm;
using Shabou.Testing;

namespace Shabou.ProspectorService.Tests;

/// <summary>Real processes, really killed, against a simulator that fails at random.</summary>
[Trait("Category", "Faults")]
public sealed class BudgetStormTests(TestServers servers)
{
    [Fact]
    public async Task Four_processes_that_die_between_reserving_and_sending_spend_at_most_150_calls_and_every_one_is_written_down()
    {
        await using var rig = await Rig.NewAsync(servers);
        var report = await new Storm(rig.ConnectionString, rig.Simulator.Caller, SimulatorServer.Key).RunAsync(new StormPlan(), Rig.Cancellation);
        Assert.Empty(report.Problems);
        Assert.InRange(report.Seen, 1, 150);
        Assert.InRange(report.Seen, report.Committed - report.Outcomes.GetValueOrDefault("Failed"), report.Committed + report.AssumedSpent);
        Assert.True(report.Outcomes["DayCap"] > 0, report.ToString()); // it was the cap that ended it
        Assert.True(report.Starts > 4 && report.AssumedSpent > 0 && report.Outcomes.ContainsKey("died"), report.ToString());
        Assert.True(report.SeenByStatus.Keys.Intersect(["200", "429", "500", "none"]).Count() == 4, string.Join(", ", report.SeenByStatus));
        Assert.Equal(["100", "200", "250"], report.Alerts.Select(alert => alert.Split('/')[^1]));
    }

    [Fact]
    public async Task The_kill_switch_stops_four_processes_within_the_calls_under_way()
    {
        await using var rig = await Rig.NewAsync(servers);
        var report = await new Storm(rig.ConnectionString, rig.Simulator.Caller, SimulatorServer.Key).RunAsync(new StormPlan(Seed: 2, KillPercent: 0) { SwitchAfter = 40 }, Rig.Cancellation);
        Assert.Empty(report.Problems);
        Assert.Equal(0, report.ReservedAfterSwitch);
        Assert.InRange(report.Seen, 40, 149);
        Assert.True(report.Outcomes["Killed"] > 0);
    }
}
