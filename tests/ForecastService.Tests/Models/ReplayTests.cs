using Microsoft.EntityFrameworkCore;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Models;

public sealed class ReplayTests(Planner planner) : IClassFixture<Planner>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_forecast_is_made_again_byte_for_byte_whatever_became_of_the_history()
    {
        var (sku, version) = await TrainedAsync();
        var stored = await planner.Client.GetStringAsync($"/api/v1/forecasts/{sku}?version={version}", Cancellation);
        await planner.ImportAsync($"sku,period,quantity\n{sku},2026-02-01,900\n{sku},2026-07-01,900\n");
        await planner.TrainAsync();

        var replay = await planner.GetAsync($"/api/v1/forecasts/{sku}/replay?version={version}");
        Assert.True(replay.GetProperty("identical").GetBoolean());
        Assert.Equal(version, replay.GetProperty("modelVersion").GetString());
        Assert.Equal(replay.GetProperty("storedSha256").GetString(), replay.GetProperty("replayedSha256").GetString());
        Assert.Equal(stored, replay.GetProperty("forecast").GetRawText()); // the older version's, not the one that is served
        Assert.True((await planner.GetAsync($"/api/v1/forecasts/{sku}/replay")).GetProperty("identical").GetBoolean());
        Assert.NotEqual(stored, await planner.Client.GetStringAsync($"/api/v1/forecasts/{sku}", Cancellation));
    }

    [Fact]
    public async Task A_stored_forecast_that_was_changed_is_not_identical()
    {
        var (sku, version) = await TrainedAsync();
        await using var context = TestServers.ContextOn(planner.Database);
        await context.Database.ExecuteSqlAsync($"UPDATE forecast.forecasts f SET mean[1] = mean[1] + 1e-9 FROM forecast.model_versions v WHERE v.id = f.model_version_id AND v.version = {version} AND sku = {sku}", Cancellation);
        Assert.False((await planner.GetAsync($"/api/v1/forecasts/{sku}/replay?version={version}")).GetProperty("identical").GetBoolean());
    }

    [Fact]
    public async Task What_was_not_kept_cannot_be_made_again()
    {
        var (sku, version) = await TrainedAsync();
        await using var context = TestServers.ContextOn(planner.Database);
        await context.ModelArtifacts.Where(a => a.ModelVersion!.Version == version).ExecuteDeleteAsync(Cancellation);
        Assert.Equal(409, (await Planner.RefusedAsync(planner.Client.GetAsync($"/api/v1/forecasts/{sku}/replay?version={version}", Cancellation))).Status);
    }

    [Theory]
    [InlineData("/api/v1/forecasts/NOPE/replay", "'NOPE'")]
    [InlineData("/api/v1/forecasts/NOPE/replay?version=none", "'none'")]
    [InlineData("/api/v1/forecasts/NOPE?version=none", "'none'")]
    public async Task An_unknown_part_or_version_is_not_found(string address, string named)
    {
        var refused = await Planner.RefusedAsync(planner.Client.GetAsync(address, Cancellation));
        Assert.Equal(404, refused.Status);
        Assert.Contains(named, refused.Problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<(string Sku, string Version)> TrainedAsync()
    {
        var sku = $"R{Guid.NewGuid():N}";
        await planner.ImportAsync($"id,start,frequency,v1,v2,v3,v4,v5,v6\n{sku},2026-01-01,M,1,0,2.7,,0,3.1\n");
        return (sku, (await planner.TrainAsync()).GetProperty("result").GetProperty("modelVersion").GetString()!);
    }
}
