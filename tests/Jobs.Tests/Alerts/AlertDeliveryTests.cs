using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Shabou.JobsWorker;
using Shabou.Schema.Jobs;
using Shabou.Testing;

namespace Shabou.Jobs.Tests.Alerts;

public sealed class AlertDeliveryTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dead_job_is_told_once_however_often_the_receiver_fails()
    {
        await using var webhook = await WebhookServer.StartAsync();
        webhook.FailNext(2);
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), (_, _) => throw new JobFailedException("Poison."),
            ("Alerts:WebhookUrl", webhook.Url), ("Alerts:WebhookSecret", "a-secret-of-the-receiver"));
        await host.StartAsync();
        var id = await host.EnqueueAsync();
        await Until.TrueAsync(() => Task.FromResult(!webhook.Heard.IsEmpty), 60, () => "the alert heard");
        var (alert, heard) = Assert.Single(webhook.Heard);
        Assert.Equal(("job-dead", id.ToString(), "critical"), (heard.GetProperty("kind").GetString(), heard.GetProperty("subject").GetString(), heard.GetProperty("severity").GetString()));
        Assert.Contains("Poison.", heard.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, webhook.Deliveries.Count);
        Assert.All(webhook.Deliveries, d => Assert.Equal(alert, d.Headers["webhook-id"]));
        var (headers, body) = webhook.Deliveries.Last();
        byte[] content = [.. Encoding.UTF8.GetBytes($"{alert}.{headers["webhook-timestamp"]}."), .. body];
        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes("a-secret-of-the-receiver"), content);
        Assert.Equal($"v1,{Convert.ToBase64String(signed)}", headers["webhook-signature"]);
        await Until.TrueAsync(() => host.WithQueueAsync((_, context) => context.Alerts.AnyAsync(a => a.SentAt != null && a.Attempts == 3, Cancellation)), 30, () => "the alert marked as sent");
    }

    [Fact]
    public async Task An_alert_outlives_the_killing_of_whoever_sends_it()
    {
        await using var webhook = await WebhookServer.StartAsync();
        var database = await EffectTables.CreateAsync(servers);
        await using var host = new JobsHost(database, JobsHost.Nothing);
        (string, string)[] settings = [("Alerts:WebhookUrl", webhook.Url), ("Jobs:Lease", "00:00:02"), ("Jobs:Heartbeat", "00:00:00.7"), ("Jobs:RescueInterval", "00:00:00.5")];
        webhook.FailNext(1_000);
        await using (var sender = WorkerProcess.Start(database, settings))
        {
            await host.WithQueueAsync(async (queue, context) =>
            {
                queue.Enqueue(WorkerKinds.Poison, new PoisonOrder("unknown"));
                return await context.SaveChangesAsync(Cancellation);
            });
            await Until.TrueAsync(() => Task.FromResult(!webhook.Deliveries.IsEmpty), 60, () => "a delivery that failed");
            await sender.KillAsync();
        }
        webhook.FailNext(0);
        await using var next = WorkerProcess.Start(database, settings);
        await Until.TrueAsync(() => Task.FromResult(!webhook.Heard.IsEmpty), 90, () => "the alert heard");
        Assert.Single(webhook.Heard);
    }

    [Fact]
    public async Task A_dead_job_and_its_alert_are_one_transaction()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing);
        var id = await host.EnqueueAsync();
        await host.WithQueueAsync((_, context) => context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            await context.Database.ExecuteSqlAsync($"UPDATE jobs.jobs SET state = 'Dead', finished_at = now(), error = 'by hand' WHERE id = {id}", Cancellation);
            Assert.Equal(1, await context.Alerts.CountAsync(Cancellation));
            await transaction.RollbackAsync(Cancellation);
            return 0;
        }));
        Assert.Equal(0, await host.WithQueueAsync((_, context) => context.Alerts.CountAsync(Cancellation)));
        Assert.Equal(JobState.Available, (await host.FindAsync(id))!.State);
    }
}
