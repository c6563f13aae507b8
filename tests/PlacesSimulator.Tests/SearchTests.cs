using System.Text;

namespace Shabou.PlacesSimulator.Tests;

public sealed class SearchTests
{
    [Fact]
    public async Task A_query_has_three_pages_of_twenty_and_no_more()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        var sizes = new List<int>();
        string? token = null;
        do
        {
            var (status, body) = await caller.SearchAsync(new { textQuery = "garage Tunis", pageToken = token });
            Assert.Equal(200, (int)status);
            sizes.Add(body.GetProperty("places").GetArrayLength());
            token = body.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);
        Assert.Equal([20, 20, 20], sizes);
    }

    [Fact]
    public async Task Pages_do_not_repeat_places_and_a_smaller_page_size_only_cuts_them_differently()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        var ids = (await caller.SweepAsync("garage Sousse")).Ids();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        var (_, small) = await caller.SearchAsync(new { textQuery = "garage Sousse", pageSize = 7 });
        Assert.Equal(ids[..7], small.GetProperty("places").EnumerateArray().Ids());
        var (_, rest) = await caller.SearchAsync(new { textQuery = "garage Sousse", pageSize = 5, pageToken = small.Text("nextPageToken") });
        Assert.Equal(ids[7..12], rest.GetProperty("places").EnumerateArray().Ids());
    }

    [Theory]
    [InlineData("pièces auto Sfax", "PIECES AUTO, SFAX")]
    [InlineData("pièces auto Sfax", "قطع غيار السيارات صفاقس")]
    [InlineData("pneus Béja", "pneu beja")]
    [InlineData("garage La Manouba", "ورشة سيارات منوبة")]
    public async Task Accents_case_script_and_plural_do_not_matter(string one, string other)
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        var ids = (await caller.SweepAsync(one)).Ids();
        Assert.NotEmpty(ids);
        Assert.Equal(ids, (await caller.SweepAsync(other)).Ids());
    }

    [Theory]
    [InlineData("restaurant Sfax")]
    [InlineData("qwertz uiop")]
    [InlineData("de la")]
    public async Task A_query_for_something_else_finds_nothing(string query)
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        Assert.Empty(await caller.SweepAsync(query));
    }

    [Fact]
    public async Task Queries_of_one_governorate_overlap()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        var parts = (await caller.SweepAsync("pièces auto Zaghouan")).Ids();
        var garages = (await caller.SweepAsync("garage Zaghouan")).Ids();
        Assert.NotEmpty(parts.Intersect(garages));
        Assert.NotEmpty(parts.Except(garages));
    }

    [Fact]
    public async Task A_page_token_opens_only_the_query_it_was_given_for()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        var token = (await caller.SearchAsync(new { textQuery = "garage Tunis" })).Body.Text("nextPageToken");
        (await caller.SearchAsync(new { textQuery = "garage Sfax", pageToken = token })).IsError(400, "INVALID_ARGUMENT");
        (await caller.SearchAsync(new { textQuery = "garage Tunis", languageCode = "ar", pageToken = token })).IsError(400, "INVALID_ARGUMENT");
        (await caller.SearchAsync(new { textQuery = "garage Tunis", pageToken = "A" + token[1..^1] })).IsError(400, "INVALID_ARGUMENT");
        (await caller.SearchAsync(new { textQuery = "garage Tunis", pageToken = "no token" })).IsError(400, "INVALID_ARGUMENT");
    }

    [Fact]
    public async Task A_page_token_outlives_the_process()
    {
        using var first = new Simulator();
        using var caller = first.Caller();
        var token = (await caller.SearchAsync(new { textQuery = "garage Tunis" })).Body.Text("nextPageToken");
        var expected = (await caller.SearchAsync(new { textQuery = "garage Tunis", pageToken = token })).Body.GetProperty("places").EnumerateArray().Ids();
        using var second = new Simulator();
        using var later = second.Caller();
        var (status, body) = await later.SearchAsync(new { textQuery = "garage Tunis", pageToken = token });
        Assert.Equal(200, (int)status);
        Assert.Equal(expected, body.GetProperty("places").EnumerateArray().Ids());
    }

    [Fact]
    public async Task Restriction_keeps_only_places_in_the_rectangle_and_bias_puts_them_first()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        var marsa = new { low = new { latitude = 36.86, longitude = 10.30 }, high = new { latitude = 36.89, longitude = 10.34 } };
        const string mask = "places.location";
        var (_, inside) = await caller.SearchAsync(new { textQuery = "garage Tunis", locationRestriction = new { rectangle = marsa } }, mask);
        Assert.NotEmpty(inside.GetProperty("places").EnumerateArray());
        Assert.All(inside.GetProperty("places").EnumerateArray(), place =>
        {
            Assert.InRange(place.GetProperty("location").GetProperty("latitude").GetDouble(), 36.86, 36.89);
            Assert.InRange(place.GetProperty("location").GetProperty("longitude").GetDouble(), 10.30, 10.34);
        });
        var circle = new { center = new { latitude = 36.878, longitude = 10.325 }, radius = 3000 };
        var (_, near) = await caller.SearchAsync(new { textQuery = "garage Tunis", locationBias = new { circle } }, mask);
        Assert.InRange(near.GetProperty("places")[0].GetProperty("location").GetProperty("longitude").GetDouble(), 10.28, 10.36);
    }

    [Fact]
    public async Task A_restriction_without_a_name_searches_all_that_lies_in_it_even_over_the_180th_meridian()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        Assert.NotEmpty(await FoundAsync(west: 10.6, east: 10.9));
        Assert.Empty(await FoundAsync(west: 12, east: 13));
        Assert.NotEmpty(await FoundAsync(west: 10.6, east: -175));
        Assert.Empty(await FoundAsync(west: 175, east: -10));

        async Task<string[]> FoundAsync(double west, double east)
        {
            var rectangle = new { low = new { latitude = 34.6, longitude = west }, high = new { latitude = 34.9, longitude = east } }; // as far north as Sfax
            var (status, body) = await caller.SearchAsync(new { textQuery = "garage", locationRestriction = new { rectangle } }, "places.id");
            Assert.Equal(200, (int)status);
            return body.TryGetProperty("places", out var places) ? places.EnumerateArray().Ids() : [];
        }
    }

    [Theory]
    [InlineData("""{"textQuery":""}""")]
    [InlineData("""{"textQuery":"garage Sfax","pageSize":-1}""")]
    [InlineData("""{"textQuery":"garage Sfax","pageSize":"many"}""")]
    [InlineData("""{"textQuery":"garage Sfax","colour":"red"}""")]
    [InlineData("""{"textQuery":"garage Sfax","locationBias":{}}""")]
    [InlineData("""{"textQuery":"garage Sfax","locationRestriction":{"circle":{"center":{"latitude":1,"longitude":1},"radius":5}}}""")]
    [InlineData("""{"textQuery":"garage","locationBias":{"circle":{"center":{"latitude":36,"longitude":10},"radius":50001}}}""")]
    [InlineData("""{"textQuery":"garage","locationBias":{"circle":{"radius":500}}}""")]
    [InlineData("""{"textQuery":"garage","locationBias":{"rectangle":{"low":{"latitude":36,"longitude":10}}}}""")]
    [InlineData("""{"textQuery":"garage","locationRestriction":{"rectangle":{"low":{"latitude":37,"longitude":10},"high":{"latitude":36,"longitude":11}}}}""")]
    [InlineData("""{"textQuery":"garage","locationRestriction":{"rectangle":{"low":{"latitude":36,"longitude":10},"high":{"latitude":91,"longitude":11}}}}""")]
    [InlineData("""{"textQuery":"garage","locationRestriction":{"rectangle":{"low":{"latitude":36,"longitude":-100},"high":{"latitude":37,"longitude":100}}}}""")]
    [InlineData("""{"textQuery":"garage","locationRestriction":{"rectangle":{"low":{"latitude":36,"longitude":180},"high":{"latitude":37,"longitude":-180}}}}""")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    public async Task Malformed_requests_are_invalid_arguments(string body)
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/places:searchText") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Goog-FieldMask", "places.id");
        using var response = await caller.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("INVALID_ARGUMENT", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
