using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Training;

/// <summary>A trainer that dies when all but the end of its writing is done.</summary>
public sealed class KilledTrainingTests(TestServers servers) : IAsyncLifetime
{
    private const string TwoParts = "id,start,frequency,v1,v2,v3,v4,v5,v6\nA,2026-01-01,M,1,0,2,0,0,3\nB,2026-01-01,M,5,6,5,7,6,5\n";
    private string _database = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await servers.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_killed_process_leaves_the_version_before_it_and_its_job_is_done_by_another()
    {
        await using var context = TestServers.ContextOn(_database);
        string first;
        string job;
        await using (var trainer = await StartAsync())
        {
            using var client = trainer.SignedIn();
            using (var body = new StringContent(TwoParts, Encoding.UTF8, new MediaTypeHeaderValue("text/csv"))) (await client.PostAsync("/api/v1/demand", body, Cancellation)).EnsureSuccessStatusCode();
            var made = await StartRunAsync(client);
            first = (await EndAsync(client, made)).GetProperty("result").GetProperty("modelVersion").GetString()!;

            await using var stopped = await StopWritersAsync(context);
            job = await StartRunAsync(client);
            await UntilOneWaitsAsync();
            await trainer.KillAsync();
        }

        await using var successor = await StartAsync();
        using var other = successor.SignedIn();
        Assert.Equal(first, (await other.GetFromJsonAsync<JsonElement>("/api/v1/forecasts/A", Cancellation)).GetProperty("modelVersion").GetString());
        var second = (await EndAsync(other, job)).GetProperty("result").GetProperty("modelVersion").GetString();
        Assert.Equal(second, (await other.GetFromJsonAsync<JsonElement>("/api/v1/forecasts/A", Cancellation)).GetProperty("modelVersion").GetString());
        Assert.Equal((2, 2), (await context.ModelVersions.CountAsync(Cancellation), await context.ModelArtifacts.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task A_connection_that_breaks_takes_everything_back_and_the_run_succeeds_in_the_end()
    {
        await using var context = TestServers.ContextOn(_database);
        await using var process = await StartAsync();
        using var client = process.SignedIn();
        using (var body = new StringContent(TwoParts, Encoding.UTF8, new MediaTypeHeaderValue("text/csv"))) (await client.PostAsync("/api/v1/demand", body, Cancellation)).EnsureSuccessStatusCode();
        string job;
        await using (await StopWritersAsync(context))
        {
            job = await StartRunAsync(client);
            var trainer = await UntilOneWaitsAsync();
            await using var other = TestServers.ContextOn(_database);
            await other.Database.ExecuteSqlAsync($"SELECT pg_terminate_backend({trainer})", Cancellation);
            Assert.Equal(0, await other.ModelVersions.CountAsync(Cancellation));
        }

        Assert.Equal("completed", (await EndAsync(client, job)).GetProperty("state").GetString());
        Assert.Equal(1, await context.ModelVersions.CountAsync(Cancellation));
    }

    private Task<ServiceProcess> StartAsync() => ServiceProcess.StartAsync("ForecastService",
    [
        ("ConnectionStrings:shabou", _database), ("ConnectionStrings:redis", servers.Redis), ("Forecast:Models:Prefix", _database.GetHashCode(StringComparison.Ordinal).ToString("x", null)),
        ("Jobs:Poll", "00:00:00.05"), ("Jobs:Lease", "00:00:03"), ("Jobs:Heartbeat", "00:00:01"), ("Jobs:RescueInterval", "00:00:00.5"),
    ], Cancellation);

    /// <summary>Nobody writes the last table of a run while what is returned is held.</summary>
    private static async Task<IAsyncDisposable> StopWritersAsync(ShabouContext context)
    {
        var transaction = await context.Database.BeginTransactionAsync(Cancellation);
        await context.Database.ExecuteSqlRawAsync("LOCK TABLE forecast.part_accuracy IN SHARE MODE", Cancellation);
        return transaction;
    }

    /// <returns>The process id of the trainer's connection.</returns>
    private async Task<int> UntilOneWaitsAsync()
    {
        await using var context = TestServers.ContextOn(_database);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var attempt = 0; attempt < 600; attempt++, await tick.WaitForNextTickAsync(Cancellation))
        {
            var waiting = await context.Database.SqlQuery<int>($"""
                SELECT l.pid AS "Value" FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
                WHERE NOT l.granted AND l.relation = 'forecast.part_accuracy'::regclass
                """).ToListAsync(Cancellation);
            if (waiting is [var trainer]) return trainer;
        }

        throw new TimeoutException("No trainer came to the last table.");
    }

    private static async Task<string> StartRunAsync(HttpClient client)
    {
        using var response = await client.PostAsync("/api/v1/training-runs", null, Cancellation);
        response.EnsureSuccessStatusCode();
        return response.Headers.Location!.ToString();
    }

    private static async Task<JsonElement> EndAsync(HttpClient client, string job)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var attempt = 0; attempt < 600; attempt++, await tick.WaitForNextTickAsync(Cancellation))
        {
            var view = await client.GetFromJsonAsync<JsonElement>(job, Cancellation);
            if (view.GetProperty("state").GetString() is "completed" or "dead") return view;
        }

        throw new TimeoutException("The run did not end.");
    }
}
