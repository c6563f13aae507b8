using Shabou.ProspectorService.Budgets;
using Shabou.Testing;
using static Shabou.ProspectorService.Budgets.BudgetDecision;

namespace Shabou.ProspectorService.Tests;

/// <summary>T18: what cannot be written down is not spent.</summary>
[Trait("Category", "Faults")]
public sealed class FullDiskBudgetTests(TestServers servers)
{
    [Fact(SkipExceptions = [typeof(NotSupportedException)])]
    public async Task With_a_full_disk_no_call_is_granted_and_with_room_again_one_is()
    {
        await using var disk = await SmallDisk.MountAsync(servers);
        await using var rig = Rig.On(disk.Database, servers.Redis);
        var budget = rig.Budget();
        await disk.FillAsync();
        for (var i = 0; i < 10; i++)
            Assert.Equal(DenialReason.LedgerDown, Assert.IsType<Denied>(await budget.ReserveAsync(PlacesSku.TextSearchEnterprise, $"full-{i}", null, Rig.Cancellation)).Reason);
        Assert.Empty(await rig.LedgerAsync());

        disk.Free();
        Assert.IsType<Granted>(await budget.ReserveAsync(PlacesSku.TextSearchEnterprise, "room", null, Rig.Cancellation));
        Assert.Single(await rig.LedgerAsync());
        Assert.Null(await disk.CheckAsync());
    }
}
