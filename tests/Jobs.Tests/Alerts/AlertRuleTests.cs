using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Jobs.Alerts;
using Shabou.Testing;

namespace Shabou.Jobs.Tests.Alerts;

public sealed class AlertRuleTests(TestServers servers)
{
    private static readonly AlertOptions Defaults = new();
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("queue-depth", 100, 0, 0, false, false)]
    [InlineData("queue-depth", 101, 0, 0, true, false)]
    [InlineData("queue-depth", 81, 0, 0, false, false)] // neither begins nor ends: no flapping
    [InlineData("queue-depth", 80, 0, 0, false, true)]
    [InlineData("job-errors", 0, 90, 10, false, false)]
    [InlineData("job-errors", 0, 89, 11, true, false)]
    [InlineData("job-errors", 0, 5, 4, false, false)] // too few attempts to say
    [InlineData("job-errors", 0, 93, 7, false, true)]
    [InlineData("no-worker", 0, 0, 0, false, true)]
    public void A_rule_begins_above_its_limit_and_is_over_well_below(string rule, int due, int succeeded, int failed, bool begins, bool over)
    {
        var health = new QueueHealth("test", due, succeeded, failed, TimeSpan.FromSeconds(10));
        var found = AlertRule.All.Single(r => r.Name == rule);
        Assert.Equal((begins, over), (found.Begins(health, Defaults), found.IsOver(health, Defaults)));
    }

    [Theory]
    [InlineData(60.0, 0, false)]
    [InlineData(61.0, 0, true)]
    [InlineData(null, 1, true)]
    [InlineData(null, 0, false)]
    public void A_queue_without_workers_for_a_minute_is_told(double? silence, int due, bool begins) =>
        Assert.Equal(begins, AlertRule.All.Single(r => r.Name == "no-worker").Begins(new("test", due, 0, 0, silence is { } s ? TimeSpan.FromSeconds(s) : null), Defaults));

    [Fact]
    public async Task An_alert_is_said_once_while_it_lasts_and_once_when_it_is_over()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing, ("Alerts:Hold", "00:00:00"));
        await EvaluateAsync(host, due: 500);
        await EvaluateAsync(host, due: 500);
        await EvaluateAsync(host, due: 90);
        Assert.Equal(["queue-depth Warning"], await SaidAsync(host));
        await EvaluateAsync(host, due: 0);
        await EvaluateAsync(host, due: 0);
        Assert.Equal(["queue-depth Warning", "queue-depth Info"], await SaidAsync(host));
    }

    [Fact]
    public async Task A_short_spike_is_not_told()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing, ("Alerts:Hold", "01:00:00"));
        await EvaluateAsync(host, due: 500);
        await EvaluateAsync(host, due: 500);
        Assert.Empty(await SaidAsync(host));
    }

    [Fact]
    public async Task A_queue_whose_only_worker_is_killed_is_told_by_the_workers_of_another()
    {
        var database = await EffectTables.CreateAsync(servers);
        (string, string)[] settings = [("Alerts:NoWorker", "00:00:02"), ("Alerts:Hold", "00:00:00.5"), ("Jobs:Heartbeat", "00:00:00.5"), ("Jobs:RescueInterval", "00:00:00.5")];
        await using var other = new JobsHost(database, _ => { }, [.. settings.Select(s => (s.Item1, (string?)s.Item2))]); // works on the queue of all services only
        await other.StartAsync();
        await using (var worker = WorkerProcess.Start(database, settings))
        {
            await Until.TrueAsync(() => other.WithQueueAsync((_, context) => context.JobWorkers.AnyAsync(w => w.Queue == "test", Cancellation)), 60, () => "the worker seen");
            await worker.KillAsync();
        }
        await Until.TrueAsync(() => other.WithQueueAsync((_, context) => context.Alerts.AnyAsync(a => a.Kind == "no-worker" && a.Subject == "test", Cancellation)), 60, () => "an alert");
        await using var next = WorkerProcess.Start(database, settings);
        await Until.TrueAsync(() => other.WithQueueAsync((_, context) => context.Alerts.AnyAsync(a => a.Kind == "no-worker" && a.Severity == Shabou.Schema.Ops.AlertSeverity.Info, Cancellation)), 60, () => "the end of the alert");
    }

    private static async Task EvaluateAsync(JobsHost host, int due)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AlertRules>().EvaluateAsync([new QueueDepth("depth", due, 0, 0, TimeSpan.Zero)], Cancellation);
    }

    private static Task<List<string>> SaidAsync(JobsHost host) => host.WithQueueAsync(async (_, context) =>
        (await context.Alerts.Where(a => a.Subject == "depth" && a.Kind == "queue-depth").OrderBy(a => a.Id).ToListAsync(Cancellation)).ConvertAll(a => $"{a.Kind} {a.Severity}"));
}
