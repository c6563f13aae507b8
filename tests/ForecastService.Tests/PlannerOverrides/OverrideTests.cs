using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shabou.ForecastService.Tests.Replenishment;

namespace Shabou.ForecastService.Tests.PlannerOverrides;

public sealed class OverrideTests(Planner planner) : IClassFixture<Planner>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_planners_quantity_stands_beside_the_forecast_and_is_ordered_for()
    {
        await planner.ImportAsync("sku,period,quantity\nA,2026-06-01,50\n");
        await Shop.ForecastAsync(planner.Database, Cancellation, ("A", 50, 20));
        using var created = await PutAsync("A/2026-08", new { quantity = 80, reason = "The garage next door opens." });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/api/v1/overrides/A/2026-08-01", created.Headers.Location!.ToString());

        var row = await planner.GetAsync("/api/v1/overrides/A/2026-08-17"); // any day of the month
        Assert.Equal((80, 50, "tests"), (row.GetProperty("quantity").GetDouble(), row.GetProperty("statistical").GetDouble(), row.GetProperty("changedBy").GetString()));
        var line = (await planner.GetAsync("/api/v1/replenishment/A")).GetProperty("warehouses")[0];
        Assert.Equal(130, line.GetProperty("forecast").GetDouble(), 9); // 50 and 80 instead of 50 and 50
        Assert.Equal(173, line.GetProperty("reorderPoint").GetDouble()); // 1.3 x (100 + 1.645 x 20) = 172.8
        var step = (await planner.GetAsync("/api/v1/forecasts/A")).GetProperty("overrides")[0];
        Assert.Equal(("2026-08-01", 80), (step.GetProperty("period").GetString(), step.GetProperty("quantity").GetDouble()));
    }

    [Fact]
    public async Task The_list_and_its_csv_show_overrides_too()
    {
        await using var other = new Planner(planner.Servers);
        await other.InitializeAsync();
        await other.ImportAsync("sku,period,quantity\nA,2026-06-01,50\nB,2026-06-01,50\n");
        await Shop.ForecastAsync(other.Database, Cancellation, ("A", 50, 20), ("B", 30, 20));
        foreach (var period in new[] { "2026-09", "2027-07" }) // the second is beyond the horizon
        {
            using var put = await other.Client.PutAsync($"/api/v1/overrides/B/{period}", JsonContent.Create(new { quantity = 80.5, reason = "x" }), Cancellation);
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        var items = (await other.GetAsync("/api/v1/forecasts")).GetProperty("items").EnumerateArray().ToList();
        Assert.Empty(items[0].GetProperty("overrides").EnumerateArray());
        var step = Assert.Single(items[1].GetProperty("overrides").EnumerateArray().ToList());
        Assert.Equal(("2026-09-01", 80.5), (step.GetProperty("period").GetString(), step.GetProperty("quantity").GetDouble()));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/forecasts") { Headers = { { "Accept", "text/csv" } } };
        using var response = await other.Client.SendAsync(request, Cancellation);
        var lines = (await response.Content.ReadAsStringAsync(Cancellation)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith(",override", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("B,2026-09-01,", Assert.Single(lines, line => line.EndsWith(",80.5", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_override_is_changed_and_deleted_by_who_has_read_it()
    {
        await planner.ImportAsync("sku,period,quantity\nE,2026-06-01,50\n");
        using var created = await PutAsync("E/2026-08", new { quantity = 1, reason = "First." });
        Assert.Equal(428, (await Planner.RefusedAsync(PutAsync("E/2026-08", new { quantity = 2, reason = "Second." }))).Status);
        Assert.Equal(412, (await Planner.RefusedAsync(PutAsync("E/2026-08", new { quantity = 2, reason = "Second." }, "\"1\""))).Status);
        using var changed = await PutAsync("E/2026-08", new { quantity = 2, reason = "Second." }, created.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(428, (await Planner.RefusedAsync(DeleteAsync("E/2026-08"))).Status);
        using var deleted = await DeleteAsync("E/2026-08", changed.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/overrides/E/2026-08", Cancellation))).Status);
    }

    [Fact]
    public async Task Once_the_demand_is_known_an_override_stays_as_it_was()
    {
        await planner.ImportAsync("sku,period,quantity\nK,2026-06-01,50\n");
        using var created = await PutAsync("K/2026-07", new { quantity = 1, reason = "Before." });
        await planner.ImportAsync("sku,period,quantity\nK,2026-07-01,40\n");
        Assert.Equal(409, (await Planner.RefusedAsync(PutAsync("K/2026-07", new { quantity = 40, reason = "I knew it." }, "*"))).Status);
        Assert.Equal(409, (await Planner.RefusedAsync(DeleteAsync("K/2026-07", "*"))).Status);
    }

    [Fact]
    public async Task Each_step_is_scored_on_the_demand_that_arrives()
    {
        await planner.ImportAsync("sku,period,quantity\nV,2026-05-01,30\nV,2026-06-01,40\n");
        await Shop.ForecastAsync(planner.Database, Cancellation, ("V", 50, 20));
        using var one = await PutAsync("V/2026-08", new { quantity = 70, reason = "Summer." });
        await planner.ImportAsync("sku,period,quantity\nV,2026-07-01,60\nV,2026-08-01,80\n");

        var added = await planner.GetAsync("/api/v1/forecast-value-added?sku=V");
        var all = added.GetProperty("all");
        Assert.Equal((2, 140), (all.GetProperty("periods").GetInt32(), all.GetProperty("demand").GetDouble()));
        // Naive 40, 40; statistical 50, 50; planner 50, 70 for demand of 60, 80.
        Assert.Equal([60 / 140.0, 40 / 140.0, 20 / 140.0], all.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("wape").GetDouble()));
        Assert.Equal([-60 / 140.0, -40 / 140.0, -20 / 140.0], all.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("bias").GetDouble()));
        Assert.Equal(1, added.GetProperty("overridden").GetProperty("periods").GetInt32());
        Assert.Equal(JsonValueKind.Null, (await planner.GetAsync("/api/v1/forecast-value-added?sku=NOBODY")).GetProperty("all").GetProperty("steps")[0].GetProperty("wape").ValueKind);
    }

    [Theory]
    [InlineData("U/2026-08", "{ \"quantity\": -1, \"reason\": \"x\" }", 400)]
    [InlineData("U/2026-08", "{ \"quantity\": 1 }", 400)]
    [InlineData("U/2026-08", "{ \"quantity\": 1, \"reason\": \"\" }", 400)]
    [InlineData("U/2026-08", "{ \"quantity\": \"NaN\", \"reason\": \"x\" }", 400)]
    [InlineData("U/soon", "{ \"quantity\": 1, \"reason\": \"x\" }", 400)]
    [InlineData("U/1800-01", "{ \"quantity\": 1, \"reason\": \"x\" }", 400)]
    [InlineData("NOBODY/2026-08", "{ \"quantity\": 1, \"reason\": \"x\" }", 404)]
    public async Task What_cannot_be_right_is_refused(string address, string json, int status)
    {
        await planner.ImportAsync("sku,period,quantity\nU,2026-06-01,50\n");
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(status, (await Planner.RefusedAsync(planner.Client.PutAsync($"/api/v1/overrides/{address}", content, Cancellation))).Status);
    }

    private Task<HttpResponseMessage> PutAsync(string address, object write, string? version = null) => SendAsync(HttpMethod.Put, address, version, JsonContent.Create(write));

    private Task<HttpResponseMessage> DeleteAsync(string address, string? version = null) => SendAsync(HttpMethod.Delete, address, version, content: null);

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, string? version, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, $"/api/v1/overrides/{address}") { Content = content };
        if (version is not null) request.Headers.TryAddWithoutValidation("If-Match", version);
        return planner.Client.SendAsync(request, Cancellation);
    }
}
