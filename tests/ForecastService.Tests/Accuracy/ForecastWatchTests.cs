using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.ForecastService.Accuracy;
using Shabou.ForecastService.Demand;
using Shabou.Schema.Ops;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Accuracy;

/// <summary>Each test on a database of its own.</summary>
public sealed class ForecastWatchTests(TestServers servers)
{
    private static readonly ForecastHealth Healthy = new("v", TimeSpan.FromDays(1), 100, new Dictionary<string, long>(),
        new Dictionary<string, ClassCoverage> { ["Smooth"] = new(100, .95) }, new Dictionary<string, double>(), Tested: 100, Alarms: 3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Nothing_is_broken_where_intervals_hold_and_errors_cancel_out() => Assert.Empty(ForecastRules.Broken(Healthy, new WatchOptions()));

    [Theory]
    [InlineData(.89, 100, true)]
    [InlineData(.90, 100, false)]
    [InlineData(.99, 100, false)]
    [InlineData(.995, 100, true)]
    [InlineData(.5, 29, false)] // of so few it is chance
    public void Intervals_that_do_not_hold_what_they_say_break_a_rule(double share, int parts, bool broken)
    {
        var rules = ForecastRules.Broken(Healthy with { Coverage = new Dictionary<string, ClassCoverage> { ["Lumpy"] = new(parts, share) } }, new WatchOptions());
        Assert.Equal(broken, rules is [{ Rule: ForecastRules.Coverage, Subject: "Lumpy" }]);
        Assert.Equal(broken, rules.Count == 1);
    }

    [Theory]
    [InlineData(35, false)]
    [InlineData(36, true)]
    public void An_old_model_breaks_a_rule(int days, bool broken) =>
        Assert.Equal(broken, ForecastRules.Broken(Healthy with { Age = TimeSpan.FromDays(days) }, new WatchOptions()) is [{ Rule: ForecastRules.ModelAge }]);

    [Theory]
    [InlineData(35, false)]
    [InlineData(36, true)]
    public void Many_parts_that_are_wrong_in_one_direction_break_a_rule(int alarms, bool broken) =>
        Assert.Equal(broken, ForecastRules.Broken(Healthy with { Alarms = alarms }, new WatchOptions()) is [{ Rule: ForecastRules.Tracking }]);

    [Fact]
    public async Task An_old_model_is_said_once_by_all_replicas_and_once_more_when_a_new_one_is_served()
    {
        await using var planner = await TrainedAsync();
        await using var context = TestServers.ContextOn(planner.Database);
        await context.Database.ExecuteSqlRawAsync("UPDATE forecast.model_versions SET created_at = now() - interval '40 days'", Cancellation);
        await using var first = planner.Replica(("Forecast:Watch:Interval", "00:00:00.05"));
        await using var second = planner.Replica(("Forecast:Watch:Interval", "00:00:00.05"));
        using (first.SignedIn())
        using (second.SignedIn())
        {
            await UntilAsync(() => context.Alerts.AnyAsync(Cancellation));
            await planner.TrainAsync();
            await UntilAsync(() => context.Alerts.AnyAsync(a => a.Severity == AlertSeverity.Info, Cancellation));
        }

        Assert.Equal([AlertSeverity.Warning, AlertSeverity.Info],
            await context.Alerts.Where(a => a.Kind == ForecastRules.ModelAge).OrderBy(a => a.Id).Select(a => a.Severity).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task The_gauges_are_of_the_model_that_is_served()
    {
        await using var planner = await TrainedAsync();
        await using var replica = planner.Replica(("Forecast:Watch:Interval", "00:00:00.05"));
        using var client = replica.SignedIn();
        await UntilAsync(() => Task.FromResult(Gauges(replica).ContainsKey("shabou.forecast.model.age")));
        var gauges = Gauges(replica);
        Assert.InRange(gauges["shabou.forecast.model.age"], 0, 600);
        Assert.True(gauges.ContainsKey("shabou.forecast.tracking_signal.alarms"));
        Assert.InRange(gauges["shabou.forecast.coverage"], 0, 1);
        Assert.InRange(gauges["shabou.forecast.bias"], -1, 10);
    }

    [Fact]
    public async Task One_part_shows_its_figures_by_version_and_its_alarm()
    {
        await using var planner = await TrainedAsync();
        await planner.TrainAsync();
        await using var context = TestServers.ContextOn(planner.Database);
        await context.Database.ExecuteSqlRawAsync("""
            DELETE FROM forecast.part_accuracy;
            INSERT INTO forecast.part_accuracy (model_version_id, sku, steps, wape, bias, tracking_signal)
            SELECT id, 'A', 6, .5, CASE WHEN active THEN -.4 END, CASE WHEN active THEN 5.5 ELSE -2 END FROM forecast.model_versions
            """, Cancellation);
        var versions = (await planner.GetAsync("/api/v1/accuracy/A")).GetProperty("versions").EnumerateArray().ToList();
        Assert.Equal([(true, true), (false, false)], versions.Select(v => (v.GetProperty("active").GetBoolean(), v.GetProperty("alarm").GetBoolean())));
        Assert.Equal(-.4, versions[0].GetProperty("bias").GetDouble());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, versions[1].GetProperty("bias").ValueKind);
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/accuracy/NOPE", Cancellation))).Status);
    }

    private async Task<Planner> TrainedAsync()
    {
        var planner = new Planner(servers);
        await planner.InitializeAsync();
        await planner.ImportAsync("sku,period,quantity\n" + string.Concat(Enumerable.Range(0, 36).Select(i => $"A,{2022 + i / 12}-{i % 12 + 1:00}-01,{i % 5}\n")));
        Assert.Equal("completed", (await planner.TrainAsync()).GetProperty("state").GetString());
        return planner;
    }

    /// <summary>As a collector would read them now; of several with one name the last.</summary>
    private static Dictionary<string, double> Gauges(ServiceHost<DemandDocument> host)
    {
        var read = new Dictionary<string, double>();
        var scope = host.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter.Name == ForecastTelemetry.MeterName && i.Meter.Scope == scope) l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<double>((i, value, _, _) => read[i.Name] = value);
        listener.SetMeasurementEventCallback<long>((i, value, _, _) => read[i.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return read;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition()) await Task.Delay(20, limit.Token);
    }
}
