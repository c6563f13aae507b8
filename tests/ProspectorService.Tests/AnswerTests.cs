using System.Net;
using System.Text;
using System.Text.Json;
using Shabou.ProspectorService.Campaigns;
using Shabou.ProspectorService.Places;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Tests;

public sealed class AnswerTests
{
    [Fact]
    public void A_place_keeps_what_fits_and_loses_what_does_not()
    {
        var page = Read("""
            {"places": [
              {"id": "a", "displayName": {"text": "Garage A"}, "rating": 9, "websiteUri": "javascript:alert(1)", "location": {"latitude": 91, "longitude": 10}, "types": ["car_repair", null, ""]},
              {"id": "b", "displayName": {"text": "Garage B"}, "rating": 4.5, "websiteUri": "https://b.example/", "location": {"latitude": 36.8, "longitude": 10.1}},
              {"id": "", "displayName": {"text": "no id"}}, {"id": "c"}, null]}
            """);
        Assert.Equal(["a", "b"], page.Places.Select(place => place.PlaceId));
        Assert.True(page.Places[0] is { Rating: null, Website: null, Latitude: null, Longitude: null, Types: ["car_repair"] });
        Assert.True(page.Places[1] is { Rating: 4.5, Website: "https://b.example/", Latitude: 36.8, Types: [] });
        Assert.Null(page.NextPageToken);
    }

    [Fact]
    public void An_empty_answer_is_an_empty_page() => Assert.Empty(Read("{}").Places);

    [Theory]
    [InlineData("""{"places": {}}""")]
    [InlineData("""{"places": [{"id": 7}]}""")]
    [InlineData("<html>")]
    public void An_answer_of_another_form_is_malformed(string json) => Assert.ThrowsAny<JsonException>(() => Read(json));

    [Fact]
    public void A_page_of_more_than_twenty_is_malformed()
    {
        var places = string.Join(',', Enumerable.Range(0, 21).Select(i => $$$"""{"id":"{{{i}}}","displayName":{"text":"x"}}"""));
        Assert.Throws<JsonException>(() => Read($$"""{"places":[{{places}}]}"""));
    }

    [Theory]
    [InlineData("""{"error":{"details":[{"reason":"RATE_LIMIT_EXCEEDED","metadata":{"quota_limit":"SearchTextRequestPerMinutePerProject"}}]}}""", typeof(PlacesAnswer.MinuteQuota))]
    [InlineData("""{"error":{"details":[{"@type":"help"},{"metadata":{"quota_limit":"SearchTextRequestPerDayPerProject"}}]}}""", typeof(PlacesAnswer.DayQuota))]
    [InlineData("""{"error":{"details":[{"metadata":{"quota_limit":"SomethingNew"}}]}}""", typeof(PlacesAnswer.DayQuota))]
    [InlineData("""{"error":{"message":"Quota exceeded"}}""", typeof(PlacesAnswer.DayQuota))]
    [InlineData("too many", typeof(PlacesAnswer.DayQuota))]
    public void Only_a_quota_that_surely_is_a_minutes_is_waited_for(string json, Type answer) =>
        Assert.IsType(answer, ErrorAnswer.Read(HttpStatusCode.TooManyRequests, Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData(403, "{}", typeof(PlacesAnswer.KeyRefused))]
    [InlineData(400, """{"error":{"details":[{"reason":"API_KEY_INVALID"}]}}""", typeof(PlacesAnswer.KeyRefused))]
    [InlineData(400, "{}", typeof(PlacesAnswer.Refused))]
    [InlineData(302, "", typeof(PlacesAnswer.Failed))]
    [InlineData(503, "<html>", typeof(PlacesAnswer.Failed))]
    public void Other_errors_are_told_apart_by_status(int status, string body, Type answer) =>
        Assert.IsType(answer, ErrorAnswer.Read((HttpStatusCode)status, Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void A_cursor_goes_page_by_page_and_search_by_search()
    {
        var first = new Cursor(0, 0, null);
        Assert.Equal(new Cursor(0, 1, "t"), first.After("t", 3));
        Assert.Equal(new Cursor(1, 0, null), first.After(null, 3));
        Assert.Equal(new Cursor(1, 0, null), new Cursor(0, 2, "s").After("t", 3));
        Assert.Equal(new Cursor(1, 0, null), first.After("t", 1));
    }

    [Fact]
    public void A_campaign_asks_every_query_for_every_location()
    {
        var campaign = new Campaign
        {
            Id = Guid.NewGuid(), Name = "n", Locations = ["Sfax", "Tunis"], Queries = ["garage", "pneus"], PagesPerQuery = 3, LanguageCode = "fr", Searches = 4, CreatedAt = default,
        };
        var texts = Enumerable.Range(0, 5).Select(at => Search.At(campaign, at)?.Text);
        Assert.Equal(["garage Sfax", "pneus Sfax", "garage Tunis", "pneus Tunis", null], texts);
    }

    private static PlacesAnswer.Page Read(string json) => JsonSerializer.Deserialize<SearchAnswer>(json, SearchAnswer.Json)!.Check();
}
