using System.Globalization;
using System.Text;
using System.Text.Json;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Groups;
using Shabou.ForecastService.Tests.Replenishment;
using Shabou.Forecasting;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Groups;

public sealed class ReconcileTests(TestServers servers)
{
    private const string Mint = "/api/v1/forecasts/groups?reconcile=mint";
    private static readonly int s_july = Periods.IndexOf('M', new DateOnly(2026, 7, 1));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Gaps_are_filled_and_grids_are_joined_before_histories_are_added_up()
    {
        var histories = NodeHistories.Of(
        [
            Part("a/", 0, [1, 2, 3, 4], [9]), Part("a/", 0, [5, double.NaN, 7, 8], [9]), Part("b/", -1, [10, 20], [30, 40]),
            Part("b/", 0, [100, 100, 100, 100], [0]) with { History = new("GONE", 12, [100, 100, 100, 100]) { Discontinued = true } },
        ], "", s_july, 12);
        Assert.Equal(["", "a/", "b/"], histories.Tree.Categories);
        Assert.Equal([6, 8, 10, 12], histories.Categories[1]);
        Assert.Equal([0, 10, 20, 30], histories.Categories[2]); // the second part begins later and ends earlier: July's history is what was expected
        Assert.Equal([6, 18, 30, 42], histories.Categories[0]);
        Assert.All(histories.Errors[^1], error => Assert.Equal(0, error)); // nothing moves what is expected of a discontinued part
    }

    [Fact]
    public void The_error_of_a_young_part_is_not_watered_down_by_the_time_before_it()
    {
        double[] demand = [.. Enumerable.Range(0, 40).Select(t => 10.0 + t * 7 % 5)];
        var errors = NodeHistories.Of([Part("", 0, demand, [9]), Part("", 0, demand[^10..], [9]), Part("", 0, [], [4])], "", s_july, 1).Errors;
        Assert.All(errors, node => Assert.Equal(40, node.Length));
        var alone = OneStepErrors.Of(demand.AsSpan(^10..), 1);
        Assert.Equal(alone.Average(e => e * e), errors[2].Average(e => e * e), 9);
        Assert.Equal(4, errors[3].Average(e => e * e), 9); // without a history as uncertain as a count
    }

    [Fact]
    public async Task Reconciled_groups_add_up_and_are_never_negative()
    {
        await using var planner = await ShopAsync();
        var mint = await planner.GetAsync(Mint);
        Assert.Equal("mint", mint.GetProperty("reconcile").GetString());
        var groups = mint.GetProperty("groups").EnumerateArray().ToDictionary(g => g.GetProperty("group").GetString()!);
        Assert.Equal(["", "filtres/", "freinage/", "freinage/disques/", "freinage/plaquettes/"], groups.Keys);
        Assert.Equal([6, 2, 4, 2, 2], groups.Values.Select(g => g.GetProperty("parts").GetInt32()));
        AssertSum(groups[""], groups["filtres/"], groups["freinage/"]);
        AssertSum(groups["freinage/"], groups["freinage/disques/"], groups["freinage/plaquettes/"]);
        foreach (var step in groups.Values.SelectMany(g => g.GetProperty("steps").EnumerateArray()))
        {
            Assert.True(step.GetProperty("mean").GetDouble() >= 0);
            var quantiles = step.GetProperty("quantiles").EnumerateObject().Select(q => q.Value.GetDouble()).ToList();
            Assert.Equal((11, true), (quantiles.Count, quantiles.Order().SequenceEqual(quantiles) && quantiles[0] >= 0));
        }

        // It is not the sum of the parts under another name, and asked twice it is the same to the bit.
        var sums = (await planner.GetAsync("/api/v1/forecasts/groups")).GetProperty("groups");
        Assert.NotEqual(Statistical(sums[0]), Statistical(groups[""]));
        Assert.Equal(JsonValueKind.Null, sums[0].GetProperty("steps")[0].GetProperty("quantiles").ValueKind);
        Assert.InRange(Statistical(groups[""])[0] / Statistical(sums[0])[0], .7, 1.4);
        Assert.Equal(mint.GetRawText(), (await planner.GetAsync(Mint)).GetRawText());
        Assert.Equal(3, (await planner.GetAsync(Mint + "&group=freinage")).GetProperty("groups").GetArrayLength());
    }

    [Fact]
    public async Task A_planners_quantity_takes_the_place_of_the_reconciled_one()
    {
        await using var planner = await ShopAsync();
        var before = (await planner.GetAsync(Mint)).GetProperty("groups");
        using var content = new StringContent("{ \"quantity\": 5000, \"reason\": \"Fleet.\" }", Encoding.UTF8, "application/json");
        using var put = await planner.Client.PutAsync("/api/v1/overrides/D1/2026-01", content, Cancellation);
        put.EnsureSuccessStatusCode();
        var after = (await planner.GetAsync(Mint)).GetProperty("groups");
        Assert.Equal(Statistical(before[0]), Statistical(after[0]));
        Assert.InRange(after[0].GetProperty("steps")[0].GetProperty("mean").GetDouble(), 5000, 6000);
        Assert.Equal(before[1].GetRawText(), after[1].GetRawText()); // filtres
    }

    [Fact]
    public async Task More_than_can_be_reconciled_while_somebody_waits_is_refused_with_the_remedy()
    {
        await using var planner = await ShopAsync();
        foreach (var (key, most) in new[] { ("MostParts", "5"), ("MostCategories", "4") })
        {
            await using var replica = planner.Replica(($"Forecast:Groups:{key}", most));
            using var client = replica.SignedIn("USER");
            var refused = await Planner.RefusedAsync(client.GetAsync(Mint, Cancellation));
            Assert.Equal(422, refused.Status);
            Assert.Contains($"Forecast:Groups:{key}", refused.Problem.GetRawText(), StringComparison.Ordinal);
            using var below = await client.GetAsync(Mint + "&group=freinage", Cancellation);
            Assert.True(below.IsSuccessStatusCode);
            using var sums = await client.GetAsync("/api/v1/forecasts/groups", Cancellation);
            Assert.True(sums.IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task Without_a_model_there_is_nothing_to_forecast_categories_with()
    {
        await using var planner = new Planner(servers);
        await planner.InitializeAsync();
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync(Mint, Cancellation))).Status);
    }

    private static GroupedPart Part(string path, int ended, double[] demand, double[] mean) =>
        new(path, 'M', s_july + ended, mean, new Dictionary<int, double>()) { History = new("P", 12, demand) };

    private static void AssertSum(JsonElement group, params JsonElement[] below)
    {
        for (var step = 0; step < 12; step++)
            Assert.Equal(below.Sum(b => Statistical(b)[step]), Statistical(group)[step], 1e-9 * (1 + Statistical(group)[step]));
    }

    private static double[] Statistical(JsonElement group) => [.. group.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("statistical").GetDouble())];

    /// <summary>Six parts of three categories, three years of months, trained.</summary>
    private async Task<Planner> ShopAsync()
    {
        var planner = new Planner(servers);
        await planner.InitializeAsync();
        await using (var context = TestServers.ContextOn(planner.Database))
        {
            var brakes = new Category { Id = Guid.CreateVersion7(), Slug = "freinage", Path = "freinage/", NameFr = "x", NameAr = "x" };
            context.Add(brakes);
            foreach (var slug in new[] { "disques", "plaquettes" })
                context.Add(new Category { Id = Guid.CreateVersion7(), Slug = slug, Path = $"freinage/{slug}/", ParentId = brakes.Id, NameFr = slug, NameAr = slug });
            await context.SaveChangesAsync(Cancellation);
            foreach (var (sku, category) in new[] { ("D1", "disques"), ("D2", "disques"), ("P1", "plaquettes"), ("P2", "plaquettes"), ("F1", "filtres"), ("F2", "filtres") })
                await Shop.AddPartAsync(context, sku, 10, category, Cancellation);
        }

        var csv = new StringBuilder("id,start,frequency,").AppendJoin(',', Enumerable.Range(1, 36).Select(i => $"v{i}")).Append('\n');
        foreach (var (sku, level, seldom) in new[] { ("D1", 20, 1), ("D2", 3, 4), ("P1", 40, 1), ("P2", 2, 5), ("F1", 60, 1), ("F2", 1, 7) })
            csv.Append(sku).Append(",2023-01-01,M,").AppendJoin(',', Enumerable.Range(0, 36).Select(t =>
                (t % seldom == 0 ? Math.Round(level * (1 + .3 * Math.Sin(t * .7 + level)) + t * 7 % 5) : 0).ToString(CultureInfo.InvariantCulture))).Append('\n');
        await planner.ImportAsync(csv.ToString());
        Assert.Equal("completed", (await planner.TrainAsync()).GetProperty("state").GetString());
        return planner;
    }
}
