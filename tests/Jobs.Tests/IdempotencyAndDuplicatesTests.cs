using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Schema.Jobs;
using Shabou.Testing;

namespace Shabou.Jobs.Tests;

public sealed class IdempotencyAndDuplicatesTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_key_in_another_unit_of_work_is_refused_with_all_of_it()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing);
        await host.EnqueueAsync(key: "once");
        await Assert.ThrowsAsync<DbUpdateException>(() => host.EnqueueAsync(key: "once"));
        Assert.Equal(1, await CountAsync(host));
    }

    [Fact]
    public async Task Fifty_callers_with_one_key_get_one_job_also_after_it_is_done()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing);
        var asked = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => OnceAsync(host, "the order of the day")));
        Assert.Single(asked.Select(a => a.Id).Distinct());
        Assert.Single(asked, a => a.IsNew);
        await host.StartAsync();
        await host.UntilAsync(asked[0].Id, JobState.Completed);
        Assert.Equal((asked[0].Id, false), await OnceAsync(host, "the order of the day"));
        Assert.NotEqual(asked[0].Id, (await OnceAsync(host, "another")).Id);
    }

    [Fact]
    public async Task An_occurrence_of_a_schedule_fires_once_however_many_processes_look()
    {
        var database = await servers.CreateDatabaseAsync();
        void Every(IServiceCollection services) => services.AddSingleton(JobsHost.Nothing).AddJobHandler<JobsHost.Handler, JsonElement>(JobsHost.Work)
            .AddJobSchedule("test.hourly", "0 0 * * * ?", JobsHost.Work, JsonSerializer.SerializeToElement(1));
        var hosts = Enumerable.Range(0, 4).Select(_ => new JobsHost(database, Every)).ToList();
        var schedulers = hosts.ConvertAll(h => h.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<JobScheduler>().Single());
        var schedule = hosts[0].Services.GetServices<JobScheduleRegistration>().Single(s => s.Name == "test.hourly");
        await schedulers[0].FireAsync(schedule, Cancellation);
        Assert.Equal(0, await CountAsync(hosts[0])); // it begins with the first hour to come

        // All processes were away for a day.
        await hosts[0].WithQueueAsync((_, context) => context.Database.ExecuteSqlAsync($"UPDATE jobs.schedules SET last_at = now() - interval '1 day'", Cancellation));
        await Task.WhenAll(schedulers.Select(s => s.FireAsync(schedule, Cancellation)));
        await Task.WhenAll(schedulers.Select(s => s.FireAsync(schedule, Cancellation)));
        Assert.Equal(1, await CountAsync(hosts[0]));
        foreach (var host in hosts) await host.DisposeAsync();
    }

    [Theory]
    [InlineData("0 0 3 1 * ?", "2026-02-14T12:00:00Z", "2026-03-01T02:00:00Z")] // once a month
    [InlineData("0 30 3 * * ?", "2026-07-01T02:29:59Z", "2026-07-01T02:30:00Z")] // Tunisia has no summer time
    public void The_hours_of_a_schedule_are_those_of_Tunis(string cron, string after, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next, null), new Quartz.CronExpression(cron, JobScheduler.TimeZone).GetNextValidTimeAfter(DateTimeOffset.Parse(after, null)));

    private static Task<(Guid Id, bool IsNew)> OnceAsync(JobsHost host, string key) =>
        host.WithQueueAsync((queue, _) => queue.EnqueueOnceAsync(JobsHost.Work, JsonSerializer.SerializeToElement(1), key, Cancellation));

    private static Task<int> CountAsync(JobsHost host) => host.WithQueueAsync((_, context) => context.AllJobs.CountAsync(j => j.Queue == "test", Cancellation));
}
