using System.Text.RegularExpressions;
using Shabou.PlacesSimulator.Places;

namespace Shabou.PlacesSimulator.Tests;

public sealed partial class PlaceDataTests
{
    /// <summary>South, west, north, east of some governorates, from a map.</summary>
    public static TheoryData<string, double, double, double, double> Boxes => new()
    {
        { "Tunis", 36.70, 10.00, 36.95, 10.40 },
        { "Sfax", 34.20, 9.60, 35.25, 11.40 },
        { "Bizerte", 36.80, 9.10, 37.40, 10.30 },
        { "Tozeur", 33.40, 7.50, 34.40, 8.40 },
        { "Médenine", 32.90, 10.20, 33.95, 11.65 },
        { "Tataouine", 30.20, 9.00, 33.30, 11.60 },
    };

    [Fact]
    public void There_are_places_in_all_24_governorates_and_ids_are_unique()
    {
        var book = new PlaceBook();
        Assert.Equal(24, book.All.Select(entry => entry.Place.Governorate.Code).Distinct().Count());
        Assert.Equal(book.All.Count, book.All.Select(entry => entry.Place.Id).Distinct().Count());
        Assert.All(book.All, entry => Assert.Matches("^ChIJ[A-Za-z0-9_-]{23}$", entry.Place.Id));
        Assert.InRange(book.All.Count, 2_500, 5_000);
    }

    [Fact]
    public void Places_are_the_same_in_every_process_and_version()
    {
        // Written down once: whoever changes these changes every place_id that an installation has stored.
        var first = PlaceFactory.For(Governorates.All[0]).First();
        Assert.Equal("ChIJR_OzsDymRB9wXvpADXSjvaF Électricité Auto Cherif 50 167 941", $"{first.Id} {first.Name.French} {first.Phone}");
    }

    [Theory]
    [MemberData(nameof(Boxes))]
    public void Places_lie_in_their_governorate(string governorate, double south, double west, double north, double east) =>
        Assert.All(PlaceFactory.For(Governorates.All.Single(g => g.Name.French == governorate)), place =>
        {
            Assert.InRange(place.Latitude, south, north);
            Assert.InRange(place.Longitude, west, east);
        });

    [Fact]
    public void Phones_are_Tunisian_and_sites_cannot_belong_to_anyone()
    {
        var places = new PlaceBook().All.Select(entry => entry.Place).ToList();
        Assert.All(places.Where(place => place.Phone is not null), place => Assert.Matches(Phone, place.Phone));
        Assert.All(places.Where(place => place.Website is not null), place => Assert.EndsWith(".example/", place.Website, StringComparison.Ordinal));
        Assert.Contains(places, place => place.Phone is null);
        Assert.Contains(places, place => place.Rating is null);
        Assert.Contains(places, place => place.BusinessStatus == "CLOSED_PERMANENTLY");
    }

    [Fact]
    public async Task Names_and_addresses_come_in_the_language_asked_for()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        var (_, french) = await caller.SearchAsync(new { textQuery = "garage Gabès", languageCode = "fr" }, "*");
        var (_, arabic) = await caller.SearchAsync(new { textQuery = "garage Gabès", languageCode = "ar-TN" }, "*");
        var (one, other) = (french.GetProperty("places")[0], arabic.GetProperty("places")[0]);
        Assert.Equal(one.Text("id"), other.Text("id"));
        Assert.Equal("fr", one.Text("displayName", "languageCode"));
        Assert.EndsWith(", Tunisie", one.Text("formattedAddress"), StringComparison.Ordinal);
        Assert.Matches(@"\p{IsArabic}", other.Text("displayName", "text"));
        Assert.EndsWith("تونس", other.Text("formattedAddress"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_is_found_again_by_its_id_and_dead_or_malformed_ids_are_refused()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        var (_, found) = await caller.SearchAsync(new { textQuery = "garage Gafsa" }, "*");
        var place = found.GetProperty("places")[0];
        var (status, again) = await caller.DetailsAsync(place.Text("id"), "*");
        Assert.Equal(200, (int)status);
        Assert.Equal(place.ToString(), again.ToString());
        (await caller.DetailsAsync("ChIJ00000000000000000000000", "id")).IsError(404, "NOT_FOUND");
        (await caller.DetailsAsync("not-an-id", "id")).IsError(400, "INVALID_ARGUMENT");
    }

    [GeneratedRegex(@"^[2579]\d \d{3} \d{3}$")]
    private static partial Regex Phone { get; }
}
