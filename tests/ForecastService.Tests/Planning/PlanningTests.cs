using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Shabou.ForecastService.Tests.Planning;

public sealed class PlanningTests(Planner planner) : IClassFixture<Planner>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_nobody_planned_comes_from_the_options()
    {
        var plan = await planner.GetAsync("/api/v1/planning/UNPLANNED");
        var effective = plan.GetProperty("effective");
        Assert.Equal((30, 30, "cycleService", 0.95), (effective.GetProperty("leadTimeDays").GetInt32(), effective.GetProperty("reviewDays").GetInt32(),
            effective.GetProperty("target").GetString(), effective.GetProperty("serviceLevel").GetDouble()));
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("changedBy").ValueKind);
    }

    [Fact]
    public async Task A_plan_is_written_by_who_has_read_it()
    {
        Assert.Equal(428, (await Planner.RefusedAsync(PutAsync("PUT-1", new { leadTimeDays = 10 }, version: null))).Status);
        using var first = await PutAsync("PUT-1", new { leadTimeDays = 10, target = "fillRate" }, "\"0\"");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(412, (await Planner.RefusedAsync(PutAsync("PUT-1", new { leadTimeDays = 20 }, "\"0\""))).Status);
        using var second = await PutAsync("PUT-1", new { leadTimeDays = 20 }, first.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        var plan = await planner.GetAsync("/api/v1/planning/PUT-1");
        Assert.Equal(20, plan.GetProperty("effective").GetProperty("leadTimeDays").GetInt32());
        Assert.Equal("cycleService", plan.GetProperty("effective").GetProperty("target").GetString()); // a PUT replaces the plan
        Assert.Equal("tests", plan.GetProperty("changedBy").GetString());
    }

    [Theory]
    [InlineData("{ \"leadTimeDays\": -1 }", 400)]
    [InlineData("{ \"serviceLevel\": 1 }", 400)]
    [InlineData("{ \"serviceLevel\": 0 }", 400)]
    [InlineData("{ \"packSize\": 0 }", 400)]
    [InlineData("{ \"target\": \"luck\" }", 400)]
    [InlineData("{ \"unknown\": 1 }", 400)]
    [InlineData("{ \"target\": \"costs\" }", 422)]
    [InlineData("{ \"demandShare\": 0.5 }", 422)]
    [InlineData("{ \"unitCost\": 1.0001 }", 422)]
    public async Task A_plan_that_cannot_be_right_is_refused(string json, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/planning/WRONG") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("If-Match", "*");
        Assert.Equal(status, (await Planner.RefusedAsync(planner.Client.SendAsync(request, Cancellation))).Status);
    }

    [Fact]
    public async Task A_warehouse_must_exist_to_be_planned() =>
        Assert.Equal(422, (await Planner.RefusedAsync(PutAsync("PUT-1?warehouse=nowhere", new { leadTimeDays = 1 }, "*"))).Status);

    [Fact]
    public async Task An_upload_changes_only_the_columns_it_has()
    {
        Assert.Equal((2, 0), await ImportAsync("sku,lead_time_days,pack_size\nUP-1,7,10\nUP-2,8,20\n"));
        Assert.Equal((0, 1), await ImportAsync("sku,lead_time_days\nUP-1,9\nUP-2,8\n"));
        var plan = (await planner.GetAsync("/api/v1/planning/UP-1")).GetProperty("set");
        Assert.Equal((9, 10), (plan.GetProperty("leadTimeDays").GetInt32(), plan.GetProperty("packSize").GetInt32()));
    }

    [Theory]
    [InlineData("sku,lead_time_days\nBAD,soon\n")]
    [InlineData("sku,lead_time_days\nBAD,1\nBAD,2\n")]
    [InlineData("sku,service_level\nBAD,1.0\n")]
    [InlineData("sku,service_level\nBAD,NaN\n")]
    [InlineData("sku,target\nBAD,costs\n")]
    [InlineData("sku,warehouse,lead_time_days\nBAD,nowhere,3\n")]
    [InlineData("sku,demand_share\nBAD,0.5\n")]
    [InlineData("sku,leadtime\nBAD,3\n")]
    [InlineData("sku,pack_size,pack_size\nBAD,3,3\n")]
    [InlineData("pack_size\n3\n")]
    [InlineData("sku,pack_size\nBAD\n")]
    [InlineData("sku,pack_size\n,3\n")]
    [InlineData("sku,pack_size\n")]
    [InlineData("")]
    public async Task A_wrong_upload_changes_nothing(string csv)
    {
        Assert.Equal(400, (await Planner.RefusedAsync(planner.Client.PostAsync("/api/v1/planning", Planner.Csv(csv), Cancellation))).Status);
        Assert.Equal(JsonValueKind.Null, (await planner.GetAsync("/api/v1/planning/BAD")).GetProperty("changedBy").ValueKind);
    }

    private async Task<(long, long)> ImportAsync(string csv)
    {
        var imported = await planner.PlanAsync(csv);
        return (imported.Inserted, imported.Updated);
    }

    private Task<HttpResponseMessage> PutAsync(string address, object plan, string? version)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/planning/{address}") { Content = JsonContent.Create(plan) };
        if (version is not null) request.Headers.TryAddWithoutValidation("If-Match", version);
        return planner.Client.SendAsync(request, Cancellation);
    }
}
