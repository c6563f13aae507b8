using System.Globalization;
using System.Text;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Demand;

/// <summary>Histories that real shops send by mistake or by fate: each gets a documented answer, and none stops the others.</summary>
public sealed class OddHistoriesTests(TestServers servers)
{
    [Fact]
    public async Task Every_odd_history_is_forecast_by_finite_numbers_and_ordered_for()
    {
        await using var planner = new Planner(servers);
        await planner.InitializeAsync();
        await planner.ImportAsync(Odd());
        await planner.ImportAsync("sku,period,quantity,in_stock\nSOLD-OUT,2025-01-01,5,0\nSOLD-OUT,2025-02-01,0,0\n");
        var run = await planner.TrainAsync(new { horizon = 24 });
        Assert.Equal("completed", run.GetProperty("state").GetString());

        foreach (var sku in new[] { "CONSTANT", "ZERO", "ONE-POINT", "HUGE", "GAPS", "SOLD-OUT", "DAILY", "WEEKLY", "TINY" })
        {
            var forecast = await planner.GetAsync($"/api/v1/forecasts/{sku}"); // NaN and infinity could not even be written as JSON
            Assert.Equal(24, forecast.GetProperty("steps").GetArrayLength());
            Assert.All(forecast.GetProperty("steps").EnumerateArray(), step => Assert.InRange(step.GetProperty("mean").GetDouble(), 0, 1e14));
            var order = (await planner.GetAsync($"/api/v1/replenishment/{sku}")).GetProperty("warehouses")[0];
            Assert.InRange(order.GetProperty("proposedOrder").GetDouble(), 0, 1e15);
        }

        Assert.Equal(7, (await planner.GetAsync("/api/v1/forecasts/CONSTANT")).GetProperty("steps")[0].GetProperty("mean").GetDouble(), 6);
        Assert.Equal(0, (await planner.GetAsync("/api/v1/forecasts/ZERO")).GetProperty("steps")[0].GetProperty("mean").GetDouble(), 6);
        Assert.Equal("noHistory", (await planner.GetAsync("/api/v1/forecasts/SOLD-OUT")).GetProperty("fallback").GetString());
    }

    private static string Odd()
    {
        var csv = new StringBuilder("id,start,frequency,").AppendJoin(',', Enumerable.Range(1, 400).Select(i => $"v{i}")).Append('\n');
        Add("CONSTANT", "M", 36, _ => "7");
        Add("ZERO", "M", 36, _ => "0");
        Add("ONE-POINT", "M", 1, _ => "3");
        Add("HUGE", "M", 36, i => string.Create(CultureInfo.InvariantCulture, $"{1e12 + i % 5 * 1e11}"));
        Add("TINY", "M", 36, i => i % 2 == 0 ? "1e-12" : "0");
        Add("GAPS", "M", 36, i => i % 3 == 0 ? "4" : "");
        Add("DAILY", "D", 400, i => i % 7 == 6 ? "0" : "3");
        Add("WEEKLY", "W", 120, i => i % 4 == 0 ? "9" : "2");
        return csv.ToString();

        void Add(string sku, string frequency, int count, Func<int, string> value) => csv.Append(sku).Append(",2023-01-02,").Append(frequency).Append(',')
            .AppendJoin(',', Enumerable.Range(0, 400).Select(i => i < count ? value(i) : "")).Append('\n');
    }
}
