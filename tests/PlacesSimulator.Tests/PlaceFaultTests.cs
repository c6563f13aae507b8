using System.Text.Json;

namespace Shabou.PlacesSimulator.Tests;

public sealed class PlaceFaultTests
{
    private const string Query = "pneus Béja"; // few enough for all of them to fit into 60

    [Fact]
    public async Task A_second_id_stands_for_the_same_business_and_is_alive()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        var once = await caller.SweepAsync(Query, "*");
        await caller.FaultAsync(new { answer = "SecondId", percent = 100 });
        var twice = await caller.SweepAsync(Query, "*");
        Assert.Equal(Math.Min(60, 2 * once.Count), twice.Count);
        Assert.Equal(twice.Count, twice.Ids().Distinct().Count());
        foreach (var pair in twice.Chunk(2))
        {
            Assert.Equal(pair[0].Text("formattedAddress") + pair[0].Text("displayName", "text"), pair[1].Text("formattedAddress") + pair[1].Text("displayName", "text"));
            var (status, details) = await caller.DetailsAsync(pair[1].Text("id"), "*");
            Assert.Equal(200, (int)status);
            Assert.Equal(pair[1].ToString(), details.ToString());
        }
    }

    [Fact]
    public async Task A_repeated_place_comes_twice_in_a_page()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        await caller.FaultAsync(new { answer = "Repeated", count = 1 });
        var ids = (await caller.SearchAsync(new { textQuery = Query })).Body.GetProperty("places").EnumerateArray().Ids();
        Assert.Equal(ids.Length, 2 * ids.Distinct().Count());
        var next = (await caller.SearchAsync(new { textQuery = Query })).Body.GetProperty("places").EnumerateArray().Ids();
        Assert.Equal(next.Length, next.Distinct().Count());
    }

    [Fact]
    public async Task Vanished_places_are_a_fixed_share_absent_from_searches_and_dead_by_id()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        var before = (await caller.SweepAsync("garage Gafsa")).Ids();
        await caller.FaultAsync(new { answer = "Vanished", percent = 30 });
        var after = (await caller.SweepAsync("garage Gafsa")).Ids();
        var gone = before.Except(after).ToArray();
        Assert.InRange(gone.Length, 1, before.Length - 1);
        foreach (var id in gone) (await caller.DetailsAsync(id, "id")).IsError(404, "NOT_FOUND");
        foreach (var id in before.Intersect(after).Take(5)) Assert.Equal(200, (int)(await caller.DetailsAsync(id, "id")).Status);
        Assert.Equal(after, (await caller.SweepAsync("garage Gafsa")).Ids());
        await caller.FaultAsync(new { answer = "Vanished", percent = 0 });
        Assert.Equal(before, (await caller.SweepAsync("garage Gafsa")).Ids());
    }

    [Fact]
    public async Task A_vanished_place_is_dead_for_the_next_call_only_when_asked_so()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        var id = (await caller.SweepAsync(Query)).Ids()[0];
        await caller.FaultAsync(new { answer = "Vanished", count = 1 });
        (await caller.DetailsAsync(id, "id")).IsError(404, "NOT_FOUND");
        Assert.Equal(200, (int)(await caller.DetailsAsync(id, "id")).Status);
    }
}
