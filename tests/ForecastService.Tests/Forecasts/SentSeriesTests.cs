using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Shabou.ForecastService.Tests.Forecasts;

public sealed class SentSeriesTests(Planner planner) : IClassFixture<Planner>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11,12,13", 12)]
    [InlineData("0,0,0,0,0,0", 12)]
    [InlineData("7,7,7,7,7,7,7,7", 12)]
    [InlineData("5", 12)]
    [InlineData("null,5,null", 12)]
    [InlineData("1e12,0,1e12,3e12,1e12,0,0,2e12", 12)]
    [InlineData("1e15,0,1e-15", 12)]
    [InlineData("1,0,2,0,0,3", 1)]
    [InlineData("1,0,2,0,0,3", 1000)]
    public async Task A_series_is_forecast_with_finite_numbers_whatever_it_looks_like(string values, int horizon)
    {
        var forecast = await ForecastAsync($"{{\"frequency\":\"M\",\"values\":[{values}],\"horizon\":{horizon}}}");
        AssertCounts(forecast, horizon);
    }

    [Theory]
    [InlineData(100_000, "M", 12)]
    [InlineData(100_000, "D", 1000)]
    public async Task A_hundred_thousand_points_are_forecast(int points, string frequency, int horizon)
    {
        var values = string.Join(',', Enumerable.Range(0, points).Select(t => t % 7));
        AssertCounts(await ForecastAsync($"{{\"frequency\":\"{frequency}\",\"values\":[{values}],\"horizon\":{horizon}}}"), horizon);
    }

    [Fact]
    public async Task What_is_sent_decides_periods_protection_and_name()
    {
        var forecast = await ForecastAsync("""{"sku":"A/B 1","frequency":"M","start":"2026-01-17","values":[1,0,2,0,0,3],"horizon":3,"leadTime":2,"review":3,"season":4}""");
        Assert.Equal("A/B 1", forecast.GetProperty("sku").GetString());
        Assert.Equal(["2026-07-01", "2026-08-01", "2026-09-01"], forecast.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("period").GetString()));
        Assert.Equal(5, forecast.GetProperty("protection").GetProperty("periods").GetInt32());
        Assert.NotEmpty(forecast.GetProperty("reason").GetString()!);
        var undated = await ForecastAsync("""{"frequency":"M","values":[1,0,2,0,0,3]}""");
        Assert.All(undated.GetProperty("steps").EnumerateArray(), step => Assert.Equal(JsonValueKind.Null, step.GetProperty("period").ValueKind));
    }

    [Theory]
    [InlineData("""{"frequency":"M","values":[]}""", "values")]
    [InlineData("""{"frequency":"M","values":[null,null]}""", "values")]
    [InlineData("""{"frequency":"M"}""", "values")]
    [InlineData("""{"frequency":"M","values":["NaN"]}""", "values")]
    [InlineData("""{"values":[1]}""", "frequency")]
    [InlineData("""{"frequency":"M","values":[1,-1]}""", "values")]
    [InlineData("""{"frequency":"M","values":[1,1e16]}""", "values")]
    [InlineData("""{"frequency":"M","values":[1e999]}""", "values")]
    [InlineData("""{"frequency":"H","values":[1]}""", "frequency")]
    [InlineData("""{"frequency":"month","values":[1]}""", "frequency")]
    [InlineData("""{"frequency":"M","values":[1],"horizon":0}""", "horizon")]
    [InlineData("""{"frequency":"M","values":[1],"horizon":-5}""", "horizon")]
    [InlineData("""{"frequency":"M","values":[1],"horizon":1001}""", "horizon")]
    [InlineData("""{"frequency":"M","values":[1],"season":0}""", "season")]
    [InlineData("""{"frequency":"M","values":[1],"leadTime":-1}""", "leadTime")]
    [InlineData("""{"frequency":"M","values":[1],"review":0}""", "review")]
    [InlineData("""{"frequency":"M","values":[1],"start":"1492-10-12"}""", "start")]
    [InlineData("""{"frequency":"M","values":[1],"start":"9999-12-31"}""", "start")]
    [InlineData("""{"frequency":"M","values":[1],"sku":""}""", "sku")]
    public async Task What_cannot_be_right_is_unprocessable_and_named(string json, string member)
    {
        var refused = await RefusedAsync(json);
        Assert.Equal(422, refused.Status);
        Assert.True(refused.Problem.GetProperty("errors").TryGetProperty(member, out _), refused.Problem.GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"frequency":"M","values":[NaN]}""")]
    [InlineData("""{"frequency":"M","values":[Infinity]}""")]
    [InlineData("""{"frequency":"M","values":"1,2"}""")]
    [InlineData("""{"frequency":"M","values":[1],"horizn":3}""")]
    public async Task What_cannot_be_read_is_a_bad_request(string json) => Assert.Equal(400, (await RefusedAsync(json)).Status);

    [Fact]
    public async Task More_than_a_hundred_thousand_points_are_refused() =>
        Assert.Equal(422, (await RefusedAsync($"{{\"frequency\":\"M\",\"values\":[{string.Join(',', Enumerable.Repeat(1, 100_001))}]}}")).Status);

    [Fact]
    public async Task Once_there_is_a_model_it_forecasts_as_far_as_it_was_trained()
    {
        await using var other = new Planner(planner.Servers);
        await other.InitializeAsync();
        await other.ImportAsync("id,start,frequency,v1,v2,v3,v4,v5,v6\nA,2026-01-01,M,1,0,2,0,0,3\n");
        var version = (await other.TrainAsync()).GetProperty("result").GetProperty("modelVersion").GetString();
        Assert.Equal(version, (await ForecastAsync("""{"frequency":"M","values":[1,0,2,0,0,3]}""", other)).GetProperty("modelVersion").GetString());
        Assert.Equal(JsonValueKind.Null, (await ForecastAsync("""{"frequency":"M","values":[1,0,2,0,0,3],"horizon":13}""", other)).GetProperty("modelVersion").ValueKind);
        var stored = await other.GetAsync("/api/v1/forecasts/A");
        var sent = await ForecastAsync("""{"frequency":"M","start":"2026-01-01","values":[1,0,2,0,0,3],"sku":"A"}""", other);
        Assert.Equal(stored.GetProperty("steps").GetRawText(), sent.GetProperty("steps").GetRawText());
    }

    private static void AssertCounts(JsonElement forecast, int horizon)
    {
        var steps = forecast.GetProperty("steps").EnumerateArray().ToList();
        Assert.Equal(horizon, steps.Count);
        foreach (var step in steps)
        {
            var quantiles = step.GetProperty("quantiles").EnumerateObject().Select(q => q.Value.GetDouble()).ToList();
            Assert.Equal(11, quantiles.Count);
            Assert.All([step.GetProperty("mean").GetDouble(), .. quantiles], number => Assert.True(number >= 0 && double.IsFinite(number)));
        }

        Assert.Equal(21, forecast.GetProperty("protection").GetProperty("quantiles").EnumerateObject().Count());
    }

    private async Task<JsonElement> ForecastAsync(string json, Planner? by = null)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await (by ?? planner).Client.PostAsync("/api/v1/forecasts", body, Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private async Task<(int Status, JsonElement Problem)> RefusedAsync(string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await Planner.RefusedAsync(planner.Client.PostAsync("/api/v1/forecasts", body, Cancellation));
    }
}
