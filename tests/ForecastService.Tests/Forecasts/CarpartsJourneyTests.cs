using System.Net.Http.Headers;
using Shabou.Forecasting.Tests;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Forecasts;

/// <summary>The public car parts, imported and trained once.</summary>
public sealed class Carparts(TestServers servers) : IAsyncLifetime
{
    public Planner Planner { get; } = new(servers);

    public string Version { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Planner.InitializeAsync();
        if (SharedData.PathOf("carparts_zero_filled.csv.gz") is not { } file) return; // each test then skips
        using var imported = await Planner.SendAsync(await File.ReadAllBytesAsync(file), encoding: "gzip");
        imported.EnsureSuccessStatusCode();
        Version = (await Planner.TrainAsync()).GetProperty("result").GetProperty("modelVersion").GetString()!;
    }

    public ValueTask DisposeAsync() => Planner.DisposeAsync();
}

public sealed class CarpartsJourneyTests(Carparts carparts) : IClassFixture<Carparts>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Planner Planner
    {
        get
        {
            _ = SharedData.Find("carparts_zero_filled.csv.gz");
            return carparts.Planner;
        }
    }

    [Fact]
    public async Task All_parts_are_forecast_by_one_version_page_by_page()
    {
        var forecasts = new List<(string Sku, string Version)>();
        for (string? next = ""; next is not null;)
        {
            var page = await Planner.GetAsync($"/api/v1/forecasts?size=100&after={next}");
            forecasts.AddRange(page.GetProperty("items").EnumerateArray().Select(f => (f.GetProperty("sku").GetString()!, f.GetProperty("modelVersion").GetString()!)));
            next = page.GetProperty("next").GetString();
        }

        Assert.Equal(2674, forecasts.Count);
        Assert.Equal(2674, forecasts.Select(f => f.Sku).Distinct().Count());
        Assert.Equal(carparts.Version, Assert.Single(forecasts.Select(f => f.Version).Distinct()));
    }

    [Fact]
    public async Task The_csv_has_every_step_of_every_part()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/forecasts");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using var response = await Planner.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        Assert.Null(response.Content.Headers.ContentLength); // not made in memory first
        var lines = (await response.Content.ReadAsStringAsync(Cancellation)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("sku,period,mean,q05,q50,q80,q90,q95,q99,class,model,model_version,q025,q10,q25,q75,q975,override", lines[0]);
        Assert.Equal(2674 * 12, lines.Length - 1);
        Assert.All(lines[1..], line => Assert.Equal((carparts.Version, 18), (line.Split(',')[11], line.Split(',').Length)));
        Assert.DoesNotContain(",,", string.Join('\n', lines), StringComparison.Ordinal); // every level is there
    }

    [Fact]
    public async Task One_part_has_its_steps_with_dates_and_rising_quantiles()
    {
        var forecast = await Planner.GetAsync("/api/v1/forecasts/T1?horizon=5");
        Assert.Equal("intermittent", forecast.GetProperty("class").GetString());
        Assert.NotEmpty(forecast.GetProperty("reason").GetString()!);
        var candidates = forecast.GetProperty("candidates").EnumerateArray().ToList();
        Assert.Equal(1, candidates.Sum(c => c.GetProperty("weight").GetDouble()), 9);
        Assert.Matches("^[ABC][XYZ]$", forecast.GetProperty("abcXyz").GetString());
        Assert.True(forecast.GetProperty("demandInterval").GetDouble() >= 1.32);
        Assert.Equal(carparts.Version, forecast.GetProperty("modelVersion").GetString());
        var steps = forecast.GetProperty("steps").EnumerateArray().ToList();
        Assert.Equal(["2002-04-01", "2002-05-01", "2002-06-01", "2002-07-01", "2002-08-01"], steps.Select(s => s.GetProperty("period").GetString()));
        foreach (var step in steps)
        {
            var quantiles = new[] { "0.025", "0.05", "0.1", "0.25", "0.5", "0.75", "0.8", "0.9", "0.95", "0.975", "0.99" }.Select(q => step.GetProperty("quantiles").GetProperty(q).GetDouble()).ToList();
            Assert.Equal(quantiles.Order(), quantiles);
            Assert.True(quantiles[0] >= 0 && step.GetProperty("mean").GetDouble() >= 0);
        }

        var protection = forecast.GetProperty("protection");
        Assert.Equal(2, protection.GetProperty("periods").GetInt32());
        Assert.True(protection.GetProperty("mean").GetDouble() > 0 && protection.GetProperty("standardDeviation").GetDouble() > 0);
        var enough = protection.GetProperty("quantiles").EnumerateObject().Select(q => q.Value.GetDouble()).ToList();
        Assert.Equal((21, true), (enough.Count, enough.Order().SequenceEqual(enough)));
    }

    [Fact]
    public async Task The_accuracy_table_is_that_of_the_literature()
    {
        var table = await Planner.GetAsync("/api/v1/accuracy");
        Assert.Equal(carparts.Version, table.GetProperty("modelVersion").GetString());
        var rows = table.GetProperty("rows").EnumerateArray().ToDictionary(r => r.GetProperty("method").GetString()!);
        Assert.Equal("published", table.GetProperty("rows").EnumerateArray().Last().GetProperty("method").GetString());
        Assert.Equal(.7464, Math.Round(rows["zero"].GetProperty("mase").GetDouble(), 4));
        Assert.Equal(-1, rows["zero"].GetProperty("bias").GetDouble(), 9);
        Assert.Equal(1.676, Math.Round(rows["naive"].GetProperty("rmse").GetDouble(), 3));
        Assert.Equal(2674, rows["published"].GetProperty("series").GetInt32());
        Assert.InRange(rows["published"].GetProperty("coverage95").GetDouble(), .9, 1);
        Assert.InRange(rows["published"].GetProperty("wape").GetDouble(), .8, 1.8);
    }

    [Fact]
    public async Task Each_class_has_its_table_with_the_zero_and_the_naive_forecast()
    {
        var classes = (await Planner.GetAsync("/api/v1/accuracy")).GetProperty("classes").EnumerateArray().GroupBy(r => r.GetProperty("class").GetString()!).ToList();
        Assert.Equal(["erratic", "intermittent", "lumpy", "smooth"], classes.Select(c => c.Key));
        foreach (var table in classes)
        {
            var methods = table.Select(r => r.GetProperty("method").GetString()).ToList();
            Assert.Equal(["zero", "naive"], methods[..2]);
            Assert.Equal("published", methods[^1]);
        }

        Assert.Equal(2674, classes.Sum(c => c.First().GetProperty("series").GetInt32()));
    }

    [Theory]
    [InlineData("/api/v1/forecasts/T1?horizon=13", 400, "12")]
    [InlineData("/api/v1/forecasts/T1?horizon=0", 400, "horizon")]
    [InlineData("/api/v1/forecasts/NOPE", 404, "'NOPE'")]
    [InlineData("/api/v1/forecasts?after=made-up", 400, "after")]
    [InlineData("/api/v1/forecasts?size=101", 400, "size")]
    [InlineData("/api/v1/models/1999-01-01.1-00000000", 404, "1999")]
    [InlineData("/api/v1/accuracy?version=none", 404, "none")]
    public async Task What_is_not_there_is_a_problem_that_names_it(string address, int status, string named)
    {
        var refused = await Planner.RefusedAsync(Planner.Client.GetAsync(address, Cancellation));
        Assert.Equal(status, refused.Status);
        Assert.Contains(named, refused.Problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_registry_says_what_made_the_version()
    {
        var model = await Planner.GetAsync($"/api/v1/models/{carparts.Version}");
        Assert.Equal(2674, model.GetProperty("series").GetInt32());
        Assert.Equal(("1998-01-01", "2002-03-01"), (model.GetProperty("windowStart").GetString(), model.GetProperty("windowEnd").GetString()));
        Assert.StartsWith(carparts.Version.Split('-')[^1], model.GetProperty("fingerprint").GetString(), StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{64}$", model.GetProperty("dataSha256").GetString());
        Assert.Matches("^[0-9a-f]{64}$", model.GetProperty("artifactSha256").GetString());
        Assert.True(model.GetProperty("artifactSize").GetInt32() > 0);
        Assert.Equal((1, 1), (model.GetProperty("seed").GetInt32(), model.GetProperty("parameters").GetProperty("seed").GetInt32()));
    }
}
