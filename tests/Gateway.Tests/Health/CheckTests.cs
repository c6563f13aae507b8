using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Ops;
using Shabou.ServiceDefaults.Health;

namespace Shabou.Gateway.Tests.Health;

/// <summary>What the checks make of what is in the database: one of their own, in which tests run one after the other.</summary>
public sealed class CheckTests(GatewayFixture fixture, PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly GatewayHost _gateway = fixture.Gateway(("ConnectionStrings:shabou", postgres.ConnectionString));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_write_check_writes()
    {
        await ExecuteAsync($"DELETE FROM ops.heartbeats");
        Assert.Equal(HealthStatus.Healthy, (await LookAsync("postgres")).Status);
        await using var context = postgres.Context();
        var beat = await context.Set<Heartbeat>().SingleAsync(Cancelled);
        Assert.StartsWith("gateway/", beat.Instance, StringComparison.Ordinal);

        await ExecuteAsync($"ALTER SYSTEM SET default_transaction_read_only = on");
        try
        {
            await ExecuteAsync($"SELECT pg_reload_conf()");
            await UntilAsync("postgres", HealthStatus.Unhealthy); // a server that only reads answers, and is of no use
        }
        finally
        {
            await ExecuteAsync($"ALTER SYSTEM RESET default_transaction_read_only");
            await ExecuteAsync($"SELECT pg_reload_conf()");
        }
        await UntilAsync("postgres", HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_server_that_lets_fewer_connections_in_than_planned_is_degraded_and_the_sentence_says_by_how_many()
    {
        const int room = PostgresServer.MaxConnections - 3; // superuser_reserved_connections
        foreach (var (planned, status) in ((int, HealthStatus)[])[(room, HealthStatus.Healthy), (room + 1, HealthStatus.Degraded)])
        {
            using var gateway = fixture.Gateway(("ConnectionStrings:shabou", postgres.ConnectionString), ("Postgres:PlannedConnections", $"{planned}"));
            var entry = await gateway.Services.GetRequiredService<HealthWatch>().LookAsync("postgres", Cancelled);
            Assert.Equal(status, entry.Status);
            Assert.Equal(status == HealthStatus.Degraded, entry.Sentence.Contains($"lets {room} connections in and the plan needs {planned}", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("places-key", 71, HealthStatus.Healthy)]
    [InlineData("places-key", 73, HealthStatus.Degraded)]
    [InlineData("places-key", 91, HealthStatus.Unhealthy)]
    [InlineData("database-login:catalog", 91, HealthStatus.Healthy)]
    [InlineData("database-login:catalog", 145, HealthStatus.Degraded)]
    [InlineData("database-login:catalog", 181, HealthStatus.Unhealthy)]
    public async Task A_secret_is_to_be_replaced_in_time_and_named(string name, int days, HealthStatus status)
    {
        await ExecuteAsync($"DELETE FROM ops.secret_versions");
        await ExecuteAsync($"""
            INSERT INTO ops.secret_versions (name, fingerprint, first_seen_at) VALUES
            ({name}, sha256('old'), now() - interval '500 days'), ({name}, sha256('new'), now() - make_interval(days => {days})), ('identity-master-key', sha256('x'), now())
            """); // it was replaced once: the younger value counts
        var entry = await LookAsync("secrets");
        Assert.Equal(status, entry.Status);
        Assert.Contains(name, entry.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, true, HealthStatus.Healthy)]
    [InlineData(1, 30, true, HealthStatus.Healthy)]
    [InlineData(1, 61, true, HealthStatus.Degraded)]
    [InlineData(101, 1, true, HealthStatus.Degraded)]
    [InlineData(1, 601, true, HealthStatus.Unhealthy)]
    [InlineData(0, 0, false, HealthStatus.Degraded)]
    public async Task The_queue_is_judged_by_the_oldest_job_that_could_run_how_many_wait_and_who_works(int jobs, int age, bool worked, HealthStatus status)
    {
        await ExecuteAsync($"DELETE FROM jobs.jobs; DELETE FROM jobs.workers");
        await ExecuteAsync($"""
            INSERT INTO jobs.jobs (id, queue, kind, payload, priority, state, attempt, max_attempts, run_at, cancel_requested, redrives, created_at)
            SELECT gen_random_uuid(), 'forecast', 'forecast.train', jsonb_build_object(), 3, 'Available', 0, 5, now() - make_interval(secs => {age}), false, 0, now() FROM generate_series(1, {jobs})
            """);
        await ExecuteAsync($"""
            INSERT INTO jobs.jobs (id, queue, kind, payload, priority, state, attempt, max_attempts, run_at, cancel_requested, redrives, created_at)
            VALUES (gen_random_uuid(), 'forecast', 'forecast.train', jsonb_build_object(), 3, 'Available', 0, 5, now() + interval '1 hour', false, 0, now() - interval '1 day')
            """); // its time has not come: it does not wait
        if (worked)
            await ExecuteAsync($"INSERT INTO jobs.workers (worker_id, queue, name, seen_at) VALUES (gen_random_uuid(), 'forecast', 'a test', now())");
        var entry = await LookAsync("queue");
        Assert.Equal(status, entry.Status);
        Assert.Equal(jobs, entry.Figures["waiting"]);
        Assert.Equal(worked ? 1 : 0, entry.Figures["workers"]);
    }

    [Theory]
    [InlineData(null, null, true, HealthStatus.Degraded)]
    [InlineData(1, 1, false, HealthStatus.Degraded)] // nobody knows whether it can be restored
    [InlineData(25, 25, true, HealthStatus.Healthy)] // the next one of every night ends a little more than a day after the last
    [InlineData(27, 27, true, HealthStatus.Degraded)]
    [InlineData(53, 53, true, HealthStatus.Unhealthy)]
    [InlineData(1, null, true, HealthStatus.Degraded)] // a young dump says nothing of base backups, nor the other way
    [InlineData(1, 27, true, HealthStatus.Degraded)]
    [InlineData(1, 500, true, HealthStatus.Unhealthy)]
    [InlineData(27, 1, true, HealthStatus.Degraded)]
    public async Task A_backup_of_each_kind_counts_once_it_was_checked_and_until_the_next_night_is_over(int? dump, int? baseBackup, bool verified, HealthStatus status)
    {
        await ExecuteAsync($"DELETE FROM ops.backups");
        foreach (var (kind, hours) in new[] { ("dump", dump), ("base", baseBackup) })
            if (hours is { } age)
                await ExecuteAsync($"""
                    INSERT INTO ops.backups (id, kind, finished_at, verified_at)
                    VALUES (gen_random_uuid(), {kind}, now() - make_interval(hours => {age}), CASE WHEN {verified} THEN now() END)
                    """);
        Assert.Equal(status, (await LookAsync("backup")).Status);
    }

    [Theory]
    [InlineData(false, 10, HealthStatus.Healthy)]
    [InlineData(false, 140, HealthStatus.Degraded)]
    [InlineData(true, 10, HealthStatus.Degraded)]
    public async Task The_budget_is_judged_by_its_switch_and_by_what_is_left(bool killed, int used, HealthStatus status)
    {
        await ExecuteAsync($"UPDATE prospector.budget_switch SET killed = {killed} WHERE scope = 'places'");
        await ExecuteAsync($"DELETE FROM prospector.budget_windows");
        await ExecuteAsync($"""
            INSERT INTO prospector.budget_windows (scope, kind, key, used, reserved, cap, cost_micros, reserved_micros, cap_micros)
            VALUES ('places', 'Day', (now() AT TIME ZONE 'America/Los_Angeles')::date, {used}, 2, 150, 1000, 0, 300000000),
                ('places', 'Month', date_trunc('month', now() AT TIME ZONE 'America/Los_Angeles')::date, {used}, 2, 4500, 1000, 0, 300000000)
            """);
        var entry = await LookAsync("budget");
        Assert.Equal(status, entry.Status);
        Assert.Equal((used + 2L, 150L, 4500L, killed), (entry.Figures["dayUsed"], entry.Figures["dayCap"], entry.Figures["monthCap"], entry.Figures["killed"]));
    }

    [Fact]
    public async Task Without_a_standby_nothing_can_be_behind()
    {
        var entry = await LookAsync("replica-lag");
        Assert.Equal((HealthStatus.Healthy, "There is no standby."), (entry.Status, entry.Sentence));
    }

    [Fact]
    public async Task With_the_grants_of_the_gateway_every_check_can_look()
    {
        await ExecuteAsync($"DELETE FROM jobs.jobs");
        using var gateway = fixture.Gateway(("ConnectionStrings:shabou", await GatewayRole.LogInAsync(postgres, Cancelled)));
        foreach (var check in (string[])["postgres", "queue", "replica-lag", "budget", "backup", "secrets", "schema-version"])
        {
            var entry = await gateway.Services.GetRequiredService<HealthWatch>().LookAsync(check, Cancelled);
            Assert.False(entry.Sentence.Contains("refused", StringComparison.Ordinal) || entry.Sentence.Contains("not known", StringComparison.Ordinal), $"{check}: {entry.Sentence}");
        }
    }

    public void Dispose() => _gateway.Dispose();

    private Task<HealthEntry> LookAsync(string check) => _gateway.Services.GetRequiredService<HealthWatch>().LookAsync(check, Cancelled);

    private async Task UntilAsync(string check, HealthStatus status)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await LookAsync(check)).Status != status)
            await timer.WaitForNextTickAsync(limit.Token);
    }

    private async Task ExecuteAsync(FormattableString sql)
    {
        await using var context = postgres.Context();
        await context.Database.ExecuteSqlAsync(sql, Cancelled);
    }
}
