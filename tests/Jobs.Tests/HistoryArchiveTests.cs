using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shabou.Jobs.History;
using Shabou.Testing;

namespace Shabou.Jobs.Tests;

/// <summary>The history 91 days later: every row is either in the database or in the archive, and never in both or in neither.</summary>
public sealed class HistoryArchiveTests(TestServers servers) : IDisposable
{
    private const int Old = 300;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-archive-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ninety_one_days_later_as_many_rows_are_archived_as_are_gone()
    {
        await using var host = await HostAsync(_folder.FullName);
        await AgeAsync(host);
        var before = await IdsAsync(host, "jobs.finished_jobs");

        await CleanAsync(host);

        var (there, archived) = (await IdsAsync(host, "jobs.finished_jobs"), await ReadBackAsync(host));
        Assert.Empty(there.Intersect(archived));
        Assert.Equal(before.Order(), there.Concat(archived).Order());
        Assert.Equal(Old, archived.Count);
        Assert.Equal(0, await CountAsync(host, "SELECT count(*)::int FROM jobs.detached_history()"));
        foreach (var manifest in await ManifestsAsync())
        {
            var data = Path.Combine(_folder.FullName, manifest.Table + ".csv.gz");
            Assert.Equal((manifest.Sha256, manifest.Rows, manifest.Bytes), (await ArchiveFile.HashAsync(data, Cancellation), await ArchiveFile.CountAsync(data, Cancellation), new FileInfo(data).Length));
        }
    }

    [Fact]
    public async Task What_fell_between_the_months_is_archived_too()
    {
        await using var host = await HostAsync(_folder.FullName);
        await ExecuteAsync(host, Rows("120", 40)); // no partition was ever made for that day: the rest takes it
        await CleanAsync(host);
        Assert.Equal(40, (await ReadBackAsync(host)).Count);
        Assert.Empty(await IdsAsync(host, "jobs.finished_jobs"));
    }

    [Theory]
    [InlineData("nothing written")]
    [InlineData("half of the data")]
    [InlineData("the data without its manifest")]
    [InlineData("both, and half a manifest of another run")]
    [InlineData("everything but the drop")]
    [InlineData("a damaged file")]
    public async Task A_kill_at_any_point_loses_nothing_and_writes_nothing_twice(string killedAfter)
    {
        await using var host = await HostAsync(_folder.FullName);
        await AgeAsync(host);
        await ExecuteAsync(host, "SELECT jobs.keep_history()");
        var month = await TextAsync(host, "SELECT min(m) FROM jobs.detached_history() m");
        var (data, manifest) = (Path.Combine(_folder.FullName, month + ".csv.gz"), Path.Combine(_folder.FullName, month + ".json"));
        await LeaveAsync(host, killedAfter, month, data, manifest);
        var written = File.Exists(manifest) ? File.GetLastWriteTimeUtc(data) : default;
        var before = await CountAsync(host, $"SELECT count(*)::int FROM jobs.{month}");

        await CleanAsync(host);
        await CleanAsync(host); // and once more, for nothing

        Assert.Equal(Old, (await ReadBackAsync(host)).Distinct().Count());
        Assert.Equal(before, (await ManifestsAsync()).Single(m => m.Table == month).Rows);
        Assert.Empty(_folder.GetFiles("*.part"));
        if (killedAfter == "everything but the drop") Assert.Equal(written, File.GetLastWriteTimeUtc(data));
    }

    [Theory]
    [InlineData(null, "Archive:Folder is not set")]
    [InlineData("/nowhere/at/all", "is not there")]
    [InlineData("/dev/full", "is not there")]
    public async Task Without_the_folder_the_rows_stay_and_one_alert_says_so(string? folder, string why)
    {
        await using var host = await HostAsync(folder);
        await AgeAsync(host);
        await CleanAsync(host);
        await CleanAsync(host);
        var alert = Assert.Single(await host.WithQueueAsync((_, context) => context.Alerts.Where(a => a.Kind == HistoryArchive.AlertKind).ToListAsync(Cancellation)));
        Assert.Contains(why, alert.Summary, StringComparison.Ordinal);
        Assert.Equal(Old, await WaitingAsync(host));
    }

    [Fact]
    public async Task A_month_that_has_other_rows_than_its_archive_is_not_dropped()
    {
        await using var host = await HostAsync(_folder.FullName);
        await AgeAsync(host);
        await ExecuteAsync(host, "SELECT jobs.keep_history()");
        var month = await TextAsync(host, "SELECT min(m) FROM jobs.detached_history() m");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(host, $"SELECT jobs.drop_history('{month}', 1)"));
        Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(host, "SELECT jobs.drop_history('jobs', 0)"));
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(host, "SELECT jobs.drop_history('finished_jobs_' || to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM'), 0)"));
        Assert.Equal(Old, await WaitingAsync(host));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<JobsHost> HostAsync(string? folder) => new(await servers.CreateDatabaseAsync(), JobsHost.Nothing, ("Archive:Folder", folder));

    // Three months that are over 90 days old, with texts that a careless CSV would break, and one of this month.
    private static Task<int> AgeAsync(JobsHost host) => ExecuteAsync(host, $$"""
        DO $$ DECLARE month date; BEGIN
            FOR n IN 4..6 LOOP
                month := date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => n);
                EXECUTE format('CREATE TABLE jobs.%I PARTITION OF jobs.finished_jobs FOR VALUES FROM (%L) TO (%L)',
                    'finished_jobs_' || to_char(month, 'YYYY_MM'), month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
                INSERT INTO jobs.finished_jobs (id, finished_at, queue, kind, payload, priority, state, attempt, max_attempts, run_at, redrives, created_at, error)
                SELECT gen_random_uuid(), (month + interval '1 day') AT TIME ZONE 'UTC', 'test', 'test.work', jsonb_build_object('text', E'two\nlines, "quoted"; الفرامل'), 3, 'Completed', 1, 8, now(), 0, now(), E'a\r\n"b", c'
                FROM generate_series(1, {{Old / 3}});
            END LOOP;
        END $$;
        {{Rows("0", 20)}}
        """);

    private static string Rows(string daysAgo, int count) => $$"""
        INSERT INTO jobs.finished_jobs (id, finished_at, queue, kind, payload, priority, state, attempt, max_attempts, run_at, redrives, created_at)
        SELECT gen_random_uuid(), now() - interval '{{daysAgo}} days', 'test', 'test.work', '{}', 3, 'Completed', 1, 8, now(), 0, now() FROM generate_series(1, {{count}})
        """;

    private static async Task LeaveAsync(JobsHost host, string killedAfter, string month, string data, string manifest)
    {
        if (killedAfter == "nothing written") return;
        if (killedAfter == "half of the data")
        {
            await File.WriteAllTextAsync(data + ".part", "id,finished_at", Cancellation);
            return;
        }
        await host.WithQueueAsync<int>(async (_, context) =>
        {
            await context.Database.OpenConnectionAsync(Cancellation);
            var connection = (NpgsqlConnection)context.Database.GetDbConnection();
            using (var csv = await connection.BeginTextExportAsync($"COPY jobs.{month} TO STDOUT (FORMAT csv, HEADER)", Cancellation)) await ArchiveFile.WriteAsync(data, csv, Cancellation);
            return 0;
        });
        var whole = new ArchiveManifest(month, Old / 3, null, null, [], await ArchiveFile.HashAsync(data, Cancellation), new FileInfo(data).Length, "test", DateTimeOffset.UtcNow);
        switch (killedAfter)
        {
            case "both, and half a manifest of another run": await File.WriteAllTextAsync(manifest, "{ \"table\": \"fini", Cancellation); break;
            case "everything but the drop": await whole.WriteAsync(manifest, Cancellation); break;
            case "a damaged file":
                await whole.WriteAsync(manifest, Cancellation);
                await using (var file = File.OpenWrite(data)) file.SetLength(file.Length / 2);
                break;
        }
    }

    // By the command of the runbook: COPY into a table of the same form.
    private async Task<List<Guid>> ReadBackAsync(JobsHost host)
    {
        var ids = new List<Guid>();
        foreach (var file in _folder.GetFiles("*.csv.gz"))
        {
            await using var gzip = new GZipStream(file.OpenRead(), CompressionMode.Decompress);
            using var text = new StreamReader(gzip);
            var csv = await text.ReadToEndAsync(Cancellation);
            ids.AddRange(await host.WithQueueAsync(async (_, context) =>
            {
                await context.Database.OpenConnectionAsync(Cancellation);
                var connection = (NpgsqlConnection)context.Database.GetDbConnection();
                await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS pg_temp.back; CREATE TEMPORARY TABLE back (LIKE jobs.finished_jobs)", Cancellation);
                await using (var writer = await connection.BeginTextImportAsync("COPY back FROM STDIN (FORMAT csv, HEADER)", Cancellation)) await writer.WriteAsync(csv);
                return await context.Database.SqlQuery<Guid>($"""SELECT id AS "Value" FROM back""").ToListAsync(Cancellation);
            }));
        }
        return ids;
    }

    private async Task<List<ArchiveManifest>> ManifestsAsync()
    {
        var manifests = new List<ArchiveManifest>();
        foreach (var file in _folder.GetFiles("*.json")) manifests.Add((await ArchiveManifest.ReadAsync(file.FullName, Cancellation))!);
        return manifests;
    }

    private static async Task<int> WaitingAsync(JobsHost host)
    {
        var sum = 0;
        foreach (var month in await host.WithQueueAsync((_, context) => context.Database.SqlQuery<string>($"""SELECT m AS "Value" FROM jobs.detached_history() m""").ToListAsync(Cancellation)))
            sum += await CountAsync(host, $"SELECT count(*)::int FROM jobs.{month}");
        return sum;
    }

    private static async Task CleanAsync(JobsHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<JobCleaner>().RunAsync(new JobContext<JobCleaner.Order>(Guid.Empty, JobCleaner.Kind.Name, new(), 1, null, Guid.Empty), Cancellation);
    }

    // EF looks for a column of this name.
    private static string Value(string sql) => $"SELECT v AS \"Value\" FROM ({sql}) AS answer (v)";

    private static Task<List<Guid>> IdsAsync(JobsHost host, string table) => host.WithQueueAsync((_, context) => context.Database.SqlQueryRaw<Guid>(Value($"SELECT id FROM {table}")).ToListAsync(Cancellation));

    private static Task<int> CountAsync(JobsHost host, string sql) => host.WithQueueAsync((_, context) => context.Database.SqlQueryRaw<int>(Value(sql)).SingleAsync(Cancellation));

    private static Task<string> TextAsync(JobsHost host, string sql) => host.WithQueueAsync((_, context) => context.Database.SqlQueryRaw<string>(Value(sql)).SingleAsync(Cancellation));

    private static Task<int> ExecuteAsync(JobsHost host, string sql) =>
        host.WithQueueAsync((_, context) => context.Database.ExecuteSqlRawAsync(sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), Cancellation));
}
