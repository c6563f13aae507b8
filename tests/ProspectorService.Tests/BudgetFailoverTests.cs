using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Shabou.BudgetStorm;
using Shabou.ProspectorService.Budgets;
using Shabou.Schema.Prospector;
using Shabou.Standby.Tests;
using Shabou.Testing;
using Granted = Shabou.ProspectorService.Budgets.BudgetDecision.Granted;

namespace Shabou.ProspectorService.Tests;

/// <summary>T04 of the register, with the budget: the primary is killed while two replicas reserve and settle calls.</summary>
[Trait("Category", "Faults")]
public sealed class BudgetFailoverTests(TestServers servers)
{
    private static readonly Allowance Allowed = new(300, 9_000, 400_000_000);
    private readonly ConcurrentQueue<(Guid Id, BudgetReservationState State)> _told = [];
    private int _refused;

    [Fact]
    public async Task Every_reservation_that_was_granted_or_settled_is_so_after_the_standby_was_promoted_and_no_cap_is_passed()
    {
        await using var pair = await TestPair.StartAsync();
        await using (var context = TestServers.ContextOn(pair.Services)) await context.Database.MigrateAsync(Rig.Cancellation);
        await using var rig = Rig.On(pair.Services, servers.Redis);
        (string, string)[] caps = [("Prospector:PlacesBudget:CallsPerDay", "300"), ("Prospector:PlacesBudget:CallsPerMonth", "9000"), ("Prospector:PlacesBudget:MicrosPerMonth", "400000000")];
        PlacesBudget[] budgets = [rig.Budget(caps), rig.Budget(caps)];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Rig.Cancellation);
        var callers = Enumerable.Range(0, 8).Select(caller => Task.Run(() => CallAsync(budgets[caller % 2], caller, stop.Token))).ToList();
        await UntilToldAsync(100);

        await pair.Primary.KillAsync();
        var answer = await pair.PromoteAsync();
        Assert.True(answer.Promoted, answer.Sentence);
        await UntilToldAsync(_told.Count + 100);
        await stop.CancelAsync();
        await Task.WhenAll(callers);
        TestContext.Current.TestOutputHelper?.WriteLine($"{_told.Count} answers of the ledger: {string.Join(", ", _told.CountBy(t => t.State))}; {_refused} refused");

        var stored = (await rig.LedgerAsync()).ToDictionary(row => row.Id, row => row.State);
        Assert.All(_told, told => Assert.True(stored.ContainsKey(told.Id), $"Reservation {told.Id} was granted and is not stored."));
        Assert.All(_told.Where(told => told.State != BudgetReservationState.Reserved), told => Assert.Equal(told.State, stored[told.Id]));
        Assert.Empty(await rig.CheckAsync(Allowed));
    }

    // Most is given back, so that the day's calls suffice for the whole time.
    private async Task CallAsync(PlacesBudget budget, int caller, CancellationToken stopping)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var number = 0; !stopping.IsCancellationRequested; number++)
        {
            if (await budget.ReserveAsync(PlacesSku.TextSearchEnterprise, $"failover {caller}/{number}", jobId: null, Rig.Cancellation) is Granted granted)
            {
                _told.Enqueue((granted.Reservation.Id, BudgetReservationState.Reserved));
                var spends = number % 8 == 0;
                if (spends ? await budget.CommitAsync(granted.Reservation, "200") : await budget.ReleaseAsync(granted.Reservation))
                    _told.Enqueue((granted.Reservation.Id, spends ? BudgetReservationState.Committed : BudgetReservationState.Released));
            }
            else
            {
                Interlocked.Increment(ref _refused);
            }
            await tick.WaitForNextTickAsync(Rig.Cancellation);
        }
    }

    private Task UntilToldAsync(int count) => Until.TrueAsync(() => Task.FromResult(_told.Count >= count), 60, () => $"{count} answers of the ledger, but there are {_told.Count} and {_refused} refusals");
}
