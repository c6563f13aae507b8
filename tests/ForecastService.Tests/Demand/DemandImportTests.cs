using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Shabou.ForecastService.Demand;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Demand;

public sealed class DemandImportTests(Planner planner) : IClassFixture<Planner>
{
    [Fact]
    public async Task An_import_inserts_then_changes_only_what_differs()
    {
        Assert.Equal(new DemandImported(2, 4, 4, 0), await planner.ImportAsync("id,start,frequency,name,v1,v2\nUP-1,2026-01-01,M,x,1,2\nUP-2,2026-01-01,M,x,3,4\n"));
        Assert.Equal(new DemandImported(1, 3, 1, 1), await planner.ImportAsync("sku,period,quantity\nUP-1,2026-01-01,1\nUP-1,2026-02-01,20\nUP-1,2026-03-01,5\n"));

        var history = await planner.GetAsync("/api/v1/demand/UP-1");
        Assert.Equal("M", history.GetProperty("frequency").GetString());
        Assert.Equal([("2026-01-01", 1), ("2026-02-01", 20), ("2026-03-01", 5)], history.GetProperty("observations").EnumerateArray()
            .Select(o => (o.GetProperty("period").GetString(), o.GetProperty("quantity").GetDouble())));
    }

    [Fact]
    public async Task Out_of_stock_is_kept()
    {
        await planner.ImportAsync("sku,period,quantity,in_stock\nOUT-1,2026-01-01,0,0\n");
        Assert.False((await planner.GetAsync("/api/v1/demand/OUT-1")).GetProperty("observations")[0].GetProperty("inStock").GetBoolean());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData(null)] // by its first bytes
    public async Task Gzip_is_unpacked(string? encoding)
    {
        using var response = await planner.SendAsync(Planner.Gzip(Encoding.UTF8.GetBytes($"sku,period,quantity\nGZ-{encoding},2026-01-01,7\n")), encoding: encoding);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_bad_row_changes_nothing()
    {
        var (status, problem) = await Planner.RefusedAsync(planner.SendAsync("sku,period,quantity\nBAD-1,2026-01-01,1\nBAD-1,2026-02-01,minus two\n"));
        Assert.Equal(400, status);
        Assert.Equal("/problems/validation", problem.GetProperty("type").GetString());
        Assert.Equal(1, problem.GetProperty("rowErrorCount").GetInt32());
        Assert.Equal(3, problem.GetProperty("rowErrors")[0].GetProperty("line").GetInt32());
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/demand/BAD-1", TestContext.Current.CancellationToken))).Status);
    }

    [Fact]
    public async Task A_stored_series_keeps_its_frequency_and_the_whole_import_is_refused()
    {
        await planner.ImportAsync("id,start,frequency,v1\nFREQ-1,2026-01-01,M,1\n");
        var (status, problem) = await Planner.RefusedAsync(planner.SendAsync("id,start,frequency,v1\nFREQ-2,2026-01-01,M,1\nFREQ-1,2026-01-05,W,1\n"));
        Assert.Equal(400, status);
        Assert.Equal(3, problem.GetProperty("rowErrors")[0].GetProperty("line").GetInt32());
        await using var context = TestServers.ContextOn(planner.Database);
        Assert.False(await context.DemandSeries.AnyAsync(s => s.Sku == "FREQ-2", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_gzip_bomb_is_refused_and_changes_nothing()
    {
        var text = Encoding.UTF8.GetBytes("sku,period,quantity\nBOMB,2026-01-01,1\n" + new string('\n', 40_000_000)); // a good row before empty lines
        var bomb = Planner.Gzip(text);
        Assert.InRange(bomb.Length, 1, 1_000_000); // 40 MB in less than one
        var (status, problem) = await Planner.RefusedAsync(planner.SendAsync(bomb, encoding: "gzip"));
        Assert.Equal(413, status);
        Assert.Contains("after decompression", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/demand/BOMB", TestContext.Current.CancellationToken))).Status);
    }

    [Fact]
    public async Task A_body_of_more_than_10_MiB_is_refused() =>
        Assert.Equal(413, (await Planner.RefusedAsync(planner.SendAsync(new byte[10 * 1024 * 1024 + 1]))).Status);

    [Fact]
    public async Task Damaged_gzip_is_a_bad_request_and_changes_nothing()
    {
        var csv = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"CUT-{i},2026-01-01,{i % 97}\n"));
        var packed = Planner.Gzip(Encoding.UTF8.GetBytes("sku,period,quantity\n" + csv));
        Assert.Equal(400, (await Planner.RefusedAsync(planner.SendAsync(packed[..(packed.Length / 2)]))).Status);
        Assert.Equal(400, (await Planner.RefusedAsync(planner.SendAsync(packed[..^4]))).Status); // only the check sum's end is lost
        Assert.Equal(400, (await Planner.RefusedAsync(planner.SendAsync("sku,period,quantity\n"u8.ToArray(), encoding: "gzip"))).Status);
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/demand/CUT-1", TestContext.Current.CancellationToken))).Status);
    }

    [Fact]
    public async Task Json_does_the_same()
    {
        var json = """{ "observations": [ { "sku": "JSON-1", "period": "2026-01-01", "quantity": 3 }, { "sku": "JSON-1", "period": "2026-02-01", "quantity": null }, { "sku": "JSON-1", "period": "2026-03-01", "quantity": 0, "inStock": false } ] }""";
        using var response = await planner.SendAsync(Encoding.UTF8.GetBytes(json), "application/json");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, (await planner.GetAsync("/api/v1/demand/JSON-1")).GetProperty("observations").GetArrayLength());
    }

    [Theory]
    [InlineData("{ \"observations\": [")]
    [InlineData("{ \"observations\": [ { \"sku\": \"J\", \"period\": \"soon\", \"quantity\": 1 } ] }")]
    [InlineData("{ \"observations\": [ { \"sku\": \"J\", \"period\": \"2026-01-01\", \"quantity\": -1 } ] }")]
    [InlineData("{ \"observations\": [ null ] }")]
    [InlineData("{ \"observations\": null }")]
    [InlineData("{ \"observations\": [], \"surprise\": 1 }")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    public async Task Malformed_json_is_a_bad_request(string json) =>
        Assert.Equal(400, (await Planner.RefusedAsync(planner.SendAsync(Encoding.UTF8.GetBytes(json), "application/json"))).Status);

    [Fact]
    public async Task Other_media_and_encodings_are_not_understood()
    {
        Assert.Equal(415, (await Planner.RefusedAsync(planner.SendAsync("<demand/>"u8.ToArray(), "application/xml"))).Status);
        Assert.Equal(415, (await Planner.RefusedAsync(planner.SendAsync("sku"u8.ToArray(), encoding: "br"))).Status);
    }

    [Fact]
    public async Task Imports_of_the_same_series_at_once_all_succeed()
    {
        var csv = string.Concat(Enumerable.Range(0, 200).Select(i => $"RACE-{i},2026-01-01,1\n"));
        var reversed = string.Concat(Enumerable.Range(0, 200).Reverse().Select(i => $"RACE-{i},2026-01-01,2\n"));
        var imports = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => planner.ImportAsync("sku,period,quantity\n" + (i % 2 == 0 ? csv : reversed))));
        Assert.Equal(200, imports.Sum(i => i.Inserted));
    }

    [Fact]
    public async Task Callers_that_the_gateway_did_not_let_in_are_refused()
    {
        using var anonymous = planner.Anonymous();
        foreach (var address in new[] { "demand/A", "forecasts", "models", "accuracy", "planning/A", "promotions", "replenishment", "overrides/A/2026-01", "forecast-value-added", "forecasts/groups", $"training-runs/{Guid.NewGuid()}" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.GetAsync($"/api/v1/{address}", TestContext.Current.CancellationToken)).StatusCode);
    }
}
