using System.Text;

namespace Shabou.ForecastService.Tests.Training;

public sealed class TrainingRequestTests(Planner planner) : IClassFixture<Planner>
{
    [Theory]
    [InlineData("{\"horizon\": 0}")]
    [InlineData("{\"horizon\": 1001}")]
    [InlineData("{\"horizon\": \"far\"}")]
    [InlineData("{\"horizn\": 3}")]
    public async Task A_wrong_horizon_is_refused(string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        Assert.Equal(400, (await Planner.RefusedAsync(planner.Client.PostAsync("/api/v1/training-runs", body, TestContext.Current.CancellationToken))).Status);
    }

    [Fact]
    public async Task A_run_that_is_not_there_and_lists_before_the_first_run_say_so()
    {
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync($"/api/v1/training-runs/{Guid.NewGuid()}", TestContext.Current.CancellationToken))).Status);
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/accuracy", TestContext.Current.CancellationToken))).Status);
        Assert.Equal(0, (await planner.GetAsync("/api/v1/forecasts")).GetProperty("items").GetArrayLength());
        Assert.Equal(0, (await planner.GetAsync("/api/v1/models")).GetProperty("items").GetArrayLength());
    }
}
