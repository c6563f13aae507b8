using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Schema.Jobs;
using Shabou.Testing;

namespace Shabou.Jobs.Tests;

public sealed class RetentionTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task History_of_more_than_90_days_goes_by_whole_months_and_the_rest_stays()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing);
        await ExecuteAsync(host, """
            DO $$ DECLARE month date; BEGIN
                FOR n IN 1..6 LOOP
                    month := date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => n);
                    EXECUTE format('CREATE TABLE jobs.%I PARTITION OF jobs.finished_jobs FOR VALUES FROM (%L) TO (%L)',
                        'finished_jobs_' || to_char(month, 'YYYY_MM'), month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
                END LOOP;
            END $$;
            INSERT INTO jobs.finished_jobs (id, finished_at, queue, kind, payload, priority, state, attempt, max_attempts, run_at, redrives, created_at)
            SELECT gen_random_uuid(), now() - make_interval(days => d), 'test', 'test.work', '{}', 3, 'Completed', 1, 8, now(), 0, now() FROM generate_series(0, 150) d
            """);

        await CleanAsync(host);

        var ages = await host.WithQueueAsync((_, context) => context.Database.SqlQuery<int>($"""SELECT round(extract(epoch FROM now() - finished_at) / 86400)::int AS "Value" FROM jobs.finished_jobs""").ToListAsync(Cancellation));
        Assert.Subset(ages.ToHashSet(), Enumerable.Range(0, 90).ToHashSet()); // nothing younger than 90 days is gone
        Assert.True(ages.Max() < 90 + 31, $"A job of {ages.Max()} days is still there.");
        Assert.True(ages.Count < 151);
        Assert.Equal(0, await host.WithQueueAsync((_, context) => context.Database.SqlQuery<int>($"""SELECT count(*)::int AS "Value" FROM jobs.finished_jobs_rest""").SingleAsync(Cancellation)));
    }

    [Fact]
    public async Task Dead_letters_and_keys_of_90_days_go_and_younger_ones_stay()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing);
        var (old, young) = (await BuryAsync(host, "old"), await BuryAsync(host, "young"));
        await ExecuteAsync(host, $"""
            UPDATE jobs.jobs SET finished_at = now() - interval '91 days' WHERE id = '{old}';
            UPDATE jobs.job_keys SET created_at = now() - interval '91 days' WHERE job_id = '{old}'
            """);

        await CleanAsync(host);

        Assert.Equal([young], await host.WithQueueAsync((_, context) => context.Jobs.Where(j => j.State == JobState.Dead).Select(j => j.Id).ToListAsync(Cancellation)));
        Assert.Equal(JobState.Dead, (await host.FindAsync(old))!.State); // in the history
        Assert.NotEqual(old, await host.EnqueueAsync(key: "old"));
    }

    private static async Task<Guid> BuryAsync(JobsHost host, string key)
    {
        var id = await host.EnqueueAsync(key: key);
        await ExecuteAsync(host, $"UPDATE jobs.jobs SET state = 'Dead', finished_at = now(), error = 'test' WHERE id = '{id}'");
        return id;
    }

    private static async Task CleanAsync(JobsHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<JobCleaner>().RunAsync(new JobContext<JobCleaner.Order>(Guid.Empty, JobCleaner.Kind.Name, new(), 1, null, Guid.Empty), Cancellation);
    }

    private static Task<int> ExecuteAsync(JobsHost host, string sql) => host.WithQueueAsync((_, context) => context.Database.ExecuteSqlRawAsync(sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), Cancellation));
}
