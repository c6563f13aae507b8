using System.Text.Json;

namespace Shabou.PlacesSimulator.Tests;

public sealed class FieldMaskTests
{
    private static readonly object Query = new { textQuery = "garage Tunis" };

    [Fact]
    public async Task A_mask_is_mandatory()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        (await caller.SearchAsync(Query, mask: null)).IsError(400, "INVALID_ARGUMENT");
        (await caller.DetailsAsync("ChIJ00000000000000000000000", mask: null)).IsError(400, "INVALID_ARGUMENT");
    }

    [Theory]
    [InlineData("places.email")]
    [InlineData("places.id, places.displayName")]
    [InlineData("id")]
    [InlineData("places.displayName.texts")]
    [InlineData("places.id,,places.types")]
    public async Task A_mask_that_names_something_unknown_is_refused(string mask)
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        (await caller.SearchAsync(Query, mask)).IsError(400, "INVALID_ARGUMENT");
    }

    [Fact]
    public async Task Only_masked_fields_come_back()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        var (_, body) = await caller.SearchAsync(Query, "places.id,places.displayName.text");
        Assert.Equal(["places"], Names(body));
        Assert.All(body.GetProperty("places").EnumerateArray(), place =>
        {
            Assert.Equal(["displayName", "id"], Names(place));
            Assert.Equal(["text"], Names(place.GetProperty("displayName")));
        });
    }

    [Fact]
    public async Task The_next_page_must_be_asked_for()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        Assert.False((await caller.SearchAsync(Query, "places.id")).Body.TryGetProperty("nextPageToken", out _));
        Assert.True((await caller.SearchAsync(Query, "places.id,nextPageToken")).Body.TryGetProperty("nextPageToken", out _));
        Assert.True((await caller.SearchAsync(Query, "*")).Body.TryGetProperty("nextPageToken", out _));
    }

    private static string[] Names(JsonElement json) => [.. json.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal)];
}
