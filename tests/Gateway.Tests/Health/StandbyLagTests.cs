using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.Gateway.Database;
using Shabou.Gateway.Tests.Servers;
using Shabou.ServiceDefaults.Health;
using Shabou.Standby.Tests;

namespace Shabou.Gateway.Tests.Health;

/// <summary>A real standby, in step, behind, and gone: in the health report and in the metrics.</summary>
[Trait("Category", "Faults")]
public sealed class StandbyLagTests(GatewayFixture fixture)
{
    private const string Check = "replica-lag";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_standby_that_falls_behind_is_seen_and_measured_and_so_is_one_that_is_gone()
    {
        await using var pair = await TestPair.StartAsync();
        using var gateway = fixture.Gateway(("ConnectionStrings:shabou", pair.Primary.ConnectionString(database: "shop")), ("Postgres:Standby", "true"), ("DatabaseWatch:Every", "00:10:00"));
        var inStep = await LookAsync(gateway);
        Assert.Equal((HealthStatus.Healthy, 1), (inStep.Status, inStep.Figures["standbys"]));
        await Until.TrueAsync(async () => await MeasureAsync(gateway, "shabou.postgres.replication.behind") == 0, "a standby that has everything");

        await pair.AskStandbyAsync<string>("SELECT pg_wal_replay_pause()::text");
        await pair.Primary.RunAsync("INSERT INTO orders SELECT generate_series(1, 1000)"); // it receives that, and does not show it
        await Until.TrueAsync(async () => await MeasureAsync(gateway, "shabou.postgres.replication.behind") > 10_000, "bytes that are missing");
        await Until.TrueAsync(async () => (await LookAsync(gateway)).Status == HealthStatus.Degraded, "a standby that is behind");
        Assert.True((double)(await LookAsync(gateway)).Figures["lagSeconds"] > 10);
        Assert.True(await MeasureAsync(gateway, "shabou.postgres.replication.lag") > 10);

        await pair.AskStandbyAsync<string>("SELECT pg_wal_replay_resume()::text");
        await Until.TrueAsync(async () => (await LookAsync(gateway)).Status == HealthStatus.Healthy, "a standby that has caught up");
        await pair.StopProgramAsync();
        await Until.TrueAsync(async () => (await LookAsync(gateway)).Sentence.StartsWith("The standby is missing", StringComparison.Ordinal), "a standby that is missed");
    }

    private static Task<HealthEntry> LookAsync(GatewayHost gateway) => gateway.Services.GetRequiredService<HealthWatch>().LookAsync(Check, Cancelled);

    private static async Task<double?> MeasureAsync(GatewayHost gateway, string name)
    {
        await gateway.Services.GetRequiredService<DatabaseWatch>().LookAsync(Cancelled);
        double? measured = null;
        var meters = gateway.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == name) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => measured = value);
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => measured = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}
