using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Jobs.History;
using Shabou.Testing;

namespace Shabou.Jobs.Tests;

/// <summary>R26 of the register, with as many jobs as it names: the table that is worked on stays small, and what is older than 90 days is in the archive.
/// Not beside other tests: it takes the machine for minutes.</summary>
/// <remarks>All jobs are done within the minute that autovacuum waits between two looks, so it looks each second: as a shop with 400 jobs a second has it.</remarks>
[Collection(nameof(MillionJobsTests)), CollectionDefinition(nameof(MillionJobsTests), DisableParallelization = true)]
public sealed class MillionJobsTests(TestServers servers) : IDisposable
{
    private const int Jobs = 1_000_000;
    private const int Batch = 50_000;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-archive-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Category", "Faults")]
    public async Task A_million_jobs_leave_the_hot_table_as_it_was_and_ninety_one_days_later_they_are_in_the_archive()
    {
        var done = 0;
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), (_, _) => Count(), ("Archive:Folder", _folder.FullName), ("Jobs:Concurrency", "10"), ("Jobs:Prefetch", "500"));
        await ExecuteAsync(host, "ALTER SYSTEM SET autovacuum_naptime = '1s'");
        await ExecuteAsync(host, "SELECT pg_reload_conf()");
        await host.StartAsync();
        var clock = Stopwatch.StartNew();
        var sizes = new List<long>();
        for (var enqueued = 0; enqueued < Jobs; enqueued += Batch)
        {
            await host.WithQueueAsync(async (queue, _) =>
            {
                await queue.EnqueueManyAsync(JobsHost.Work, Enumerable.Repeat(JsonSerializer.SerializeToElement(new { }), Batch), Cancellation);
                return 0;
            });
            await Until.TrueAsync(async () => await NumberAsync(host, "SELECT count(*) FROM jobs.jobs") == 0, 300, () => "no job left");
            sizes.Add(await NumberAsync(host, "SELECT pg_total_relation_size('jobs.jobs')"));
        }
        clock.Stop();
        await host.StopAsync();
        await ExecuteAsync(host, "ALTER SYSTEM RESET autovacuum_naptime");
        await ExecuteAsync(host, "SELECT pg_reload_conf()");
        Assert.Equal(Jobs, done);
        Assert.Equal(Jobs, await NumberAsync(host, "SELECT count(*) FROM jobs.finished_jobs WHERE state = 'Completed' AND kind = 'test.work'"));
        // What batches leave behind is used by the next ones: twenty need little more room than five.
        var (early, late) = (sizes.Take(5).Max(), sizes.TakeLast(5).Max());
        Say($"{Jobs:N0} jobs in {clock.Elapsed.TotalSeconds:0} s; hot table after each {Batch:N0}: {string.Join(", ", sizes.Select(size => $"{size / 1048576.0:0.0}"))} MB");
        Assert.True(late <= 2 * early, $"The hot table grew from {early:N0} to {late:N0} bytes.");

        // The database's clock cannot be moved, so the jobs are: 91 days and so many more that their month is over.
        await ExecuteAsync(host, Age);
        var (aged, before) = (Stopwatch.StartNew(), await NumberAsync(host, "SELECT count(*) FROM jobs.finished_jobs"));
        Assert.InRange(before, Jobs, Jobs + 10); // an alert about so many waiting is sent by a job, too
        await CleanAsync(host);
        var left = await NumberAsync(host, "SELECT count(*) FROM jobs.finished_jobs");
        var archived = 0L;
        foreach (var file in _folder.GetFiles("*.json")) archived += (await ArchiveManifest.ReadAsync(file.FullName, Cancellation))!.Rows;
        Say($"archived {archived:N0} jobs in {aged.Elapsed.TotalSeconds:0} s, {_folder.GetFiles("*.csv.gz").Sum(file => file.Length) / 1048576.0:0} MB; {left:N0} left");
        Assert.Equal(0, left);
        Assert.Equal(before, archived);
        Assert.Equal(before, await RowsInFilesAsync());
        Assert.Equal(0, await NumberAsync(host, "SELECT count(*) FROM jobs.detached_history()"));

        Task<object?> Count()
        {
            Interlocked.Increment(ref done);
            return Task.FromResult<object?>(null);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private const string Age = """
        DO $$ DECLARE month date; BEGIN
            FOR n IN 3..7 LOOP
                month := date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => n);
                EXECUTE format('CREATE TABLE IF NOT EXISTS jobs.%I PARTITION OF jobs.finished_jobs FOR VALUES FROM (%L) TO (%L)',
                    'finished_jobs_' || to_char(month, 'YYYY_MM'), month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
            END LOOP;
        END $$;
        UPDATE jobs.finished_jobs SET finished_at = finished_at - interval '123 days'
        """;

    // A line each, but for the header: these jobs have no text with a line break.
    private async Task<long> RowsInFilesAsync()
    {
        var rows = 0L;
        foreach (var file in _folder.GetFiles("*.csv.gz"))
        {
            await using var gzip = new GZipStream(file.OpenRead(), CompressionMode.Decompress);
            using var text = new StreamReader(gzip);
            while (await text.ReadLineAsync(Cancellation) is not null) rows++;
            rows--;
        }
        return rows;
    }

    private static async Task CleanAsync(JobsHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<JobCleaner>().RunAsync(new JobContext<JobCleaner.Order>(Guid.Empty, JobCleaner.Kind.Name, new(), 1, null, Guid.Empty), Cancellation);
    }

    // EF looks for a column of this name.
    private static string Value(string sql) => $"SELECT v AS \"Value\" FROM ({sql}) AS answer (v)";

    private static Task<long> NumberAsync(JobsHost host, string sql) => host.WithQueueAsync((_, context) => context.Database.SqlQueryRaw<long>(Value(sql)).SingleAsync(Cancellation));

    private static Task<int> ExecuteAsync(JobsHost host, string sql) => host.WithQueueAsync((_, context) =>
    {
        context.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        return context.Database.ExecuteSqlRawAsync(sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), Cancellation);
    });

    private static void Say(FormattableString words) => TestContext.Current.TestOutputHelper?.WriteLine(words.ToString(CultureInfo.InvariantCulture));
}
