using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.ForecastService.Demand;
using Shabou.Schema.Catalog;
using Shabou.Schema.Forecast;
using Shabou.Schema.Reporting;
using Shabou.Standby.Supervision;
using Shabou.Standby.Tests;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Reports;

/// <summary>Reports while there is a primary and a standby, and while one of them is away.</summary>
public sealed class ReportAgeTests(TestServers servers)
{
    private const string Accuracy = "/api/v1/accuracy"; // 404 until something was trained

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reports_are_read_from_the_standby_and_say_of_which_moment_they_are_when_that_is_long_ago()
    {
        await using var pair = await PairAsync();
        await using var service = Service(pair);
        using var client = service.SignedIn("USER");
        Assert.Equal((HttpStatusCode.NotFound, null), await AskAsync(client));
        Assert.Equal(pair.StandbyPort, await PortAsync(service));

        await pair.AskStandbyAsync<string>("SELECT pg_wal_replay_pause()::text");
        await Until.TrueAsync(async () => await pair.AskStandbyAsync<string>("SELECT pg_get_wal_replay_pause_state()") == "paused", 20, () => "a standby that replays nothing");
        var before = DateTimeOffset.UtcNow;
        await TrainAsync(pair);
        Limit(service, TimeSpan.FromHours(1));
        Assert.Equal((HttpStatusCode.NotFound, null), await AskAsync(client)); // it is not there yet, and that is no age worth saying
        Limit(service, TimeSpan.Zero);
        var (status, asOf) = await AskAsync(client);
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.InRange(asOf!.Value, before.AddMinutes(-5), before);

        await pair.AskStandbyAsync<string>("SELECT pg_wal_replay_resume()::text");
        Limit(service, new ReportingOptions().MaxLag);
        await Until.TrueAsync(async () => await AskAsync(client) == (HttpStatusCode.OK, null), 20, () => "the report with all that is stored");
    }

    [Fact]
    public async Task Without_the_primary_reports_are_answered_with_their_age_also_by_a_standby_that_was_started_since()
    {
        await using var pair = await PairAsync();
        await using var service = Service(pair);
        using var client = service.SignedIn("USER");
        await TrainAsync(pair);
        await Until.TrueAsync(async () => (await AskAsync(client)).Status == HttpStatusCode.OK, 20, () => "the report");
        Limit(service, TimeSpan.Zero);
        // A restart would replay all commits since the standby's last checkpoint.
        await pair.Primary.RunAsync("CHECKPOINT", "postgres");
        await Until.TrueAsync(async () => await pair.AskStandbyAsync<bool>("SELECT pg_last_wal_replay_lsn() = pg_last_wal_receive_lsn()"), 20, () => "a standby that has replayed all");
        await pair.AskStandbyAsync<string>("CHECKPOINT");
        await pair.Primary.KillAsync();
        await Until.TrueAsync(async () => await AskAsync(client) is (HttpStatusCode.OK, { }), 30, () => "the report and its age");

        await pair.StopProgramAsync();
        pair.StartProgram();
        await pair.UntilAsync(report => report.Role == StandbyRole.Detached, "a standby without a primary");
        Assert.True(await pair.AskStandbyAsync<bool>("SELECT pg_last_xact_replay_timestamp() IS NULL"), "The standby has replayed a commit, so this says nothing.");
        await Until.TrueAsync(async () => await AskAsync(client) is (HttpStatusCode.OK, { }), 30, () => "the report and its age");
    }

    [Fact]
    public async Task Without_the_standby_reports_come_from_the_primary_as_they_are_now_and_nowhere_can_they_write()
    {
        await using var pair = await PairAsync();
        await TrainAsync(pair);
        await using (var beside = Service(pair)) await RequireReadOnlyAsync(beside, pair.StandbyPort);
        await pair.StopProgramAsync();

        await using var service = Service(pair);
        using var client = service.SignedIn("USER");
        Limit(service, TimeSpan.Zero);
        await Until.TrueAsync(async () => await AskAsync(client) == (HttpStatusCode.OK, null), 30, () => "the report");
        await RequireReadOnlyAsync(service, pair.Primary.Port);
    }

    private static async Task<TestPair> PairAsync()
    {
        var pair = await TestPair.StartAsync();
        await using var context = TestServers.ContextOn(pair.Services);
        await context.Database.MigrateAsync(Cancellation);
        return pair;
    }

    private ServiceHost<DemandDocument> Service(TestPair pair) =>
        new(pair.Services, ("ConnectionStrings:redis", servers.Redis), ("Forecast:Models:Prefix", $"test:{Guid.NewGuid():N}"), ("Logging:LogLevel:Default", "Error"));

    private static async Task TrainAsync(TestPair pair)
    {
        await using var context = TestServers.ContextOn(pair.Services);
        var now = DateTimeOffset.UtcNow;
        context.ModelVersions.Add(new ModelVersion
        {
            Id = Guid.CreateVersion7(now), Version = "2026-11-22.1-test", JobId = Guid.CreateVersion7(now), DataSha256 = new('0', 64), CodeVersion = "test", Parameters = "{}", WindowStart = new(2025, 1, 1),
            WindowEnd = new(2026, 1, 1), SeriesCount = 1, Horizon = 12, QuantileLevels = [0.5], Active = true, CreatedAt = now,
        });
        await context.SaveChangesAsync(Cancellation);
    }

    private static async Task<(HttpStatusCode Status, DateTimeOffset? AsOf)> AskAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri(Accuracy, UriKind.Relative), Cancellation);
        return (answer.StatusCode, answer.Headers.TryGetValues(ReportAge.Header, out var said) ? DateTimeOffset.Parse(said.Single(), CultureInfo.InvariantCulture) : null);
    }

    private static void Limit(ServiceHost<DemandDocument> service, TimeSpan limit) => service.Services.GetRequiredService<IOptions<ReportingOptions>>().Value.MaxLag = limit;

    private static async Task<int> PortAsync(ServiceHost<DemandDocument> service)
    {
        await using var scope = service.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ReportingContext>().Rows.Database.SqlQuery<int>($"""SELECT inet_server_port() AS "Value" """).SingleAsync(Cancellation);
    }

    private static async Task RequireReadOnlyAsync(ServiceHost<DemandDocument> service, int port)
    {
        Assert.Equal(port, await PortAsync(service));
        await using var scope = service.Services.CreateAsyncScope();
        var rows = scope.ServiceProvider.GetRequiredService<ReportingContext>().Rows;
        rows.Brands.Add(new Brand { Id = Guid.CreateVersion7(), Name = "Bosch", Slug = "bosch" });
        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => rows.SaveChangesAsync(Cancellation));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, Assert.IsType<PostgresException>(refused.InnerException).SqlState);
    }
}
