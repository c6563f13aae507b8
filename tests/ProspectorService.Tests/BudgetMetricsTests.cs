using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Shabou.ProspectorService.Budgets;
using Shabou.Testing;
using static Shabou.ProspectorService.Budgets.BudgetDecision;

namespace Shabou.ProspectorService.Tests;

public sealed class BudgetMetricsTests(TestServers servers)
{
    [Fact]
    public async Task Dashboards_see_calls_by_outcome_what_is_left_and_what_it_cost()
    {
        await using var rig = await Rig.NewAsync(servers);
        var services = rig.Start(("Prospector:PlacesBudget:Prices:text-search-enterprise:FreePerMonth", "0")).Services;
        var (budget, seen) = (services.GetRequiredService<PlacesBudget>(), new ConcurrentDictionary<string, long>());
        using var listener = new MeterListener();
        var factory = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Meter.Name == BudgetTelemetry.MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var name = string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Value}")]);
            if (instrument.IsObservable) seen[name] = value;
            else seen.AddOrUpdate(name, value, (_, sum) => sum + value);
        });
        listener.Start();

        var reservations = new List<Reservation>();
        for (var i = 0; i < 4; i++) reservations.Add(Assert.IsType<Granted>(await budget.ReserveAsync(PlacesSku.TextSearchEnterprise, $"key-{i}", null, Rig.Cancellation)).Reservation);
        await budget.ReserveAsync("place-photo", "denied", null, Rig.Cancellation);
        await budget.CommitAsync(reservations[0], "200");
        await budget.CommitAsync(reservations[1], "timeout");
        await budget.ReleaseAsync(reservations[2]);
        listener.RecordObservableInstruments();

        Assert.Equal((1, 1, 1, 1), (
            seen["shabou.places.calls text-search-enterprise 200"], seen["shabou.places.calls text-search-enterprise timeout"],
            seen["shabou.places.calls text-search-enterprise released"], seen["shabou.places.denials place-photo UnknownSku"]));
        Assert.Equal((1, 147, 147, 4_497), (
            seen["shabou.places.reserved"], seen["shabou.places.budget_left day"], seen["shabou.places.budget_left last-24h"], seen["shabou.places.budget_left month"]));
        Assert.Equal((70_000, 300_000_000 - 105_000), (seen["shabou.places.spend"], seen["shabou.places.spend_left"]));
    }
}
