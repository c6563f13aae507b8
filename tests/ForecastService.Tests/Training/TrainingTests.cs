using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Training;

/// <summary>Each test on a database of its own: a training run takes all demand there is.</summary>
public sealed class TrainingTests(TestServers servers)
{
    private const string TwoParts = "id,start,frequency,v1,v2,v3,v4,v5,v6\nA,2026-01-01,M,1,0,2,0,0,3\nB,2026-01-01,M,5,6,5,7,6,5\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_demand_a_run_ends_dead_and_says_what_to_do()
    {
        await using var planner = await StartAsync();
        var run = await planner.TrainAsync();
        Assert.Equal("dead", run.GetProperty("state").GetString());
        Assert.Contains("/api/v1/demand", run.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_version_takes_the_place_of_the_one_before_as_a_whole()
    {
        await using var planner = await StartAsync();
        await planner.ImportAsync(TwoParts);
        var first = VersionOf(await planner.TrainAsync(new { horizon = 3 }));
        await planner.ImportAsync("sku,period,quantity\nA,2026-07-01,4\n");
        var second = VersionOf(await planner.TrainAsync());
        Assert.NotEqual(first, second);

        Assert.Equal(second, (await planner.GetAsync("/api/v1/forecasts/B")).GetProperty("modelVersion").GetString());
        Assert.Equal("2026-08-01", (await planner.GetAsync("/api/v1/forecasts/A")).GetProperty("steps")[0].GetProperty("period").GetString());
        var models = (await planner.GetAsync("/api/v1/models")).GetProperty("items");
        Assert.Equal([(second, true), (first, false)], models.EnumerateArray().Select(m => (m.GetProperty("version").GetString(), m.GetProperty("active").GetBoolean())));
        Assert.Equal(3, (await planner.GetAsync($"/api/v1/models/{first}")).GetProperty("horizon").GetInt32());
    }

    [Fact]
    public async Task The_same_data_gives_the_same_hash_and_the_same_forecasts_to_the_bit()
    {
        await using var planner = await StartAsync();
        await planner.ImportAsync(TwoParts);
        VersionOf(await planner.TrainAsync());
        VersionOf(await planner.TrainAsync());
        await using var context = TestServers.ContextOn(planner.Database);
        Assert.Single(await context.ModelVersions.Select(v => v.DataSha256).Distinct().ToListAsync(Cancellation));
        foreach (var sku in new[] { "A", "B" })
        {
            var forecasts = await context.Forecasts.Where(f => f.Sku == sku).ToListAsync(Cancellation);
            Assert.Equal(forecasts[0].Mean, forecasts[1].Mean);
            Assert.Equal(forecasts[0].Quantiles, forecasts[1].Quantiles);
        }
    }

    [Fact]
    public async Task A_job_that_runs_again_finds_its_version_and_makes_no_other()
    {
        await using var planner = await StartAsync();
        await planner.ImportAsync(TwoParts);
        var run = await planner.TrainAsync();
        await planner.ImportAsync("sku,period,quantity\nA,2026-07-01,4\n"); // a second version would differ

        await using var context = TestServers.ContextOn(planner.Database);
        var id = run.GetProperty("id").GetGuid();
        // As if its worker had died before it could say so.
        await context.Database.ExecuteSqlAsync($"""
            WITH done AS (DELETE FROM jobs.finished_jobs WHERE id = {id} RETURNING *)
            INSERT INTO jobs.jobs (id, queue, kind, payload, priority, state, attempt, max_attempts, cancel_requested, redrives)
            SELECT id, queue, kind, payload, priority, 'Available', attempt, max_attempts, false, redrives FROM done
            """, Cancellation);
        var again = await planner.UntilAsync($"/api/v1/training-runs/{id}", r => r.GetProperty("state").GetString() == "completed");
        Assert.Equal(2, again.GetProperty("attempt").GetInt32());
        Assert.Equal(VersionOf(run), VersionOf(again));
        Assert.Equal(1, await context.ModelVersions.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Runs_at_once_make_one_version_each_and_one_is_active()
    {
        await using var planner = await StartAsync();
        await planner.ImportAsync(TwoParts);
        var versions = (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => planner.TrainAsync()))).Select(VersionOf).ToList();
        Assert.Equal(4, versions.Distinct().Count());
        await using var context = TestServers.ContextOn(planner.Database);
        Assert.Equal(1, await context.ModelVersions.CountAsync(v => v.Active, Cancellation));
    }

    [Fact]
    public async Task A_run_that_fails_leaves_the_version_before_it_in_service()
    {
        await using var planner = await StartAsync();
        await planner.ImportAsync(TwoParts);
        var version = VersionOf(await planner.TrainAsync());
        await using var context = TestServers.ContextOn(planner.Database);
        await context.Database.ExecuteSqlRawAsync("ALTER TABLE forecast.accuracy ADD CONSTRAINT no_more CHECK (FALSE) NOT VALID", Cancellation); // the last write of a run
        await planner.ImportAsync("sku,period,quantity\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"C,{2024 + i / 12}-{i % 12 + 1:00}-01,{i}\n"))); // long enough for a backtest
        using var response = await planner.Client.PostAsync("/api/v1/training-runs", null, Cancellation);
        var failed = await planner.UntilAsync(response.Headers.Location!.ToString(), job => job.GetProperty("error").ValueKind == JsonValueKind.String);
        Assert.NotEqual("completed", failed.GetProperty("state").GetString());
        Assert.Equal(version, (await planner.GetAsync("/api/v1/forecasts/A")).GetProperty("modelVersion").GetString());
        Assert.Equal(1, await context.ModelVersions.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Stock_outs_are_missing_and_not_zero()
    {
        await using var planner = await StartAsync();
        await planner.ImportAsync("sku,period,quantity,in_stock\n" + string.Concat(Enumerable.Range(1, 9).Select(m => $"S,2026-0{m}-01,{(m > 6 ? 0 : 8)},{(m > 6 ? 0 : 1)}\n")));
        VersionOf(await planner.TrainAsync());
        var forecast = await planner.GetAsync("/api/v1/forecasts/S");
        Assert.Equal("2026-10-01", forecast.GetProperty("steps")[0].GetProperty("period").GetString());
        Assert.Equal(8, forecast.GetProperty("steps")[0].GetProperty("mean").GetDouble(), 6);
    }

    [Fact]
    public async Task An_idempotency_key_starts_one_run()
    {
        await using var planner = await StartAsync();
        await planner.ImportAsync(TwoParts);
        async Task<HttpResponseMessage> PostAsync(int horizon)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/training-runs") { Content = JsonContent.Create(new { horizon }) };
            request.Headers.Add("Idempotency-Key", "nightly");
            return await planner.Client.SendAsync(request, Cancellation);
        }

        using var first = await PostAsync(6);
        using var second = await PostAsync(6);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(422, (await Planner.RefusedAsync(PostAsync(7))).Status);
    }

    [Fact]
    public async Task Old_versions_go_with_their_forecasts()
    {
        await using var planner = await StartAsync();
        await planner.ImportAsync(TwoParts);
        for (var i = 0; i < 11; i++) VersionOf(await planner.TrainAsync());
        await using var context = TestServers.ContextOn(planner.Database);
        Assert.Equal(10, await context.ModelVersions.CountAsync(Cancellation));
        Assert.Equal(20, await context.Forecasts.CountAsync(Cancellation));
    }

    private async Task<Planner> StartAsync()
    {
        var planner = new Planner(servers);
        await planner.InitializeAsync();
        return planner;
    }

    private static string VersionOf(JsonElement run)
    {
        Assert.Equal("completed", run.GetProperty("state").GetString());
        var version = run.GetProperty("result").GetProperty("modelVersion").GetString()!;
        Assert.Matches(@"^\d{4}-\d\d-\d\d\.\d+-[0-9a-f]{8}$", version);
        return version;
    }
}
