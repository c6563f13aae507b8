using System.Globalization;
using System.Net;
using System.Text.Json;
using Shabou.Schema.Catalog;
using static Shabou.CatalogApi.Tests.CatalogReads;

namespace Shabou.CatalogApi.Tests;

public sealed class ProductSearchTests(Catalog catalog) : IClassFixture<Catalog>
{
    private HttpClient Client => catalog.Client;

    [Theory]
    [InlineData("plaqette frien", "plaquette frein")] // the acceptance of the full-text feature
    [InlineData("plaquetes", "plaquettes")]
    [InlineData("amortiseur", "amortisseur")]
    [InlineData("valoe", "valeo")] // the brand's name belongs to the part
    [InlineData("فحمت", "فحمات")]
    public async Task A_misspelt_word_finds_what_was_meant(string typed, string meant)
    {
        var brand = meant == "valeo" ? "valeo" : "bosch";
        var (part, _) = await Client.CreateAsync($"TYPO-{Guid.NewGuid():N}", ("names", new { fr = $"Pièce {meant}", ar = meant }), ("brand", brand), ("oeNumber", null));
        var found = await Client.SkusAsync($"q={Uri.EscapeDataString(typed)}&sort=-created");
        Assert.Contains(part.GetProperty("sku").GetString(), found.Take(3));
    }

    [Fact]
    public async Task A_known_word_is_not_corrected()
    {
        await Client.CreateAsync("KNOWN-1", ("names", new { fr = "Courroie", ar = "سير" }), ("oeNumber", null));
        await Client.CreateAsync("KNOWN-2", ("names", new { fr = "Courroye", ar = "سير" }), ("oeNumber", null));
        Assert.Equal(["KNOWN-1"], await Client.SkusAsync("q=courroie"));
    }

    [Theory]
    [InlineData("06A-905.161 B")]
    [InlineData("06a905161b")]
    [InlineData("06A 905 161 B")]
    [InlineData("06A/905,161B")]
    public async Task Every_writing_of_an_OE_number_finds_the_parts_of_every_maker_that_has_it(string written)
    {
        var suffix = Guid.NewGuid().ToString("N")[..6];
        await Client.CreateAsync($"OEM-A-{suffix}", ("oeNumber", null), ("oeNumbers", new[] { new { number = "06A 905 161 B", maker = "Volkswagen" } }));
        await Client.CreateAsync($"OEM-B-{suffix}", ("oeNumber", null), ("oeNumbers", new[] { new { number = "06A.905.161.B", maker = "Seat" } }));
        await Client.CreateAsync($"OEM-C-{suffix}", ("oeNumber", null), ("oeNumbers", new[] { new { number = "O6A 905 161 B", maker = "Seat" } })); // the letter O
        var found = (await Client.SkusAsync($"oem={Uri.EscapeDataString(written)}&size=100")).Where(s => s.EndsWith(suffix, StringComparison.Ordinal));
        Assert.Equal([$"OEM-A-{suffix}", $"OEM-B-{suffix}"], found);
        Assert.Contains($"OEM-A-{suffix}", await Client.SkusAsync($"q={Uri.EscapeDataString(written)}&size=100")); // the search box finds it too
    }

    [Fact]
    public async Task A_GTIN_finds_its_part_and_a_wrong_one_is_refused()
    {
        await Client.CreateAsync("GTIN-1", ("gtin", "3165143456781"));
        Assert.Equal(["GTIN-1"], await Client.SkusAsync("gtin=3165143456781"));
        using var wrong = await Client.GetAsync("/api/v1/products?gtin=3165143456782", Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Theory]
    [InlineData("ar", "ar", "اسم")]
    [InlineData("fr", "fr", "Nom")]
    [InlineData("en-GB", "en", "Name")]
    [InlineData("de, ar;q=0.5", "ar", "اسم")]
    [InlineData("ar;q=0.1, en;q=0.9", "en", "Name")]
    [InlineData("de", "fr", "Nom")]
    [InlineData("", "fr", "Nom")]
    public async Task Names_come_in_the_language_asked_for(string accept, string language, string name)
    {
        var (part, _) = await Client.CreateAsync($"LANG-{Guid.NewGuid():N}", ("names", new { fr = "Nom", ar = "اسم", en = "Name" }));
        foreach (var address in new[] { $"/api/v1/products/{part.GetProperty("id")}", $"/api/v1/products?q={part.GetProperty("sku")}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (accept.Length > 0) request.Headers.Add("Accept-Language", accept);
            using var response = await Client.SendAsync(request, Cancellation);
            Assert.Equal([language], response.Content.Headers.ContentLanguage);
            Assert.Contains("Accept-Language", response.Headers.Vary);
            var body = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.Contains($"\"name\":\"{name}\"", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_English_name_that_is_missing_is_French()
    {
        var (part, _) = await Client.CreateAsync("LANG-FR", ("names", new { fr = "Bougie", ar = "شمعة" }));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/products/{part.GetProperty("id")}") { Headers = { { "Accept-Language", "en" } } };
        using var response = await Client.SendAsync(request, Cancellation);
        Assert.Contains("\"name\":\"Bougie\"", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_stock_means_a_piece_that_nobody_has_reserved()
    {
        await using var context = catalog.Context();
        var warehouse = new Warehouse { Id = Guid.CreateVersion7(), Slug = "stock-search", Name = "Tunis" };
        context.Add(warehouse);
        foreach (var (sku, onHand, reserved) in new[] { ("STK-FREE", 2, 1), ("STK-TAKEN", 2, 2), ("STK-EMPTY", 0, 0) })
        {
            var (part, _) = await Client.CreateAsync(sku);
            context.Add(new StockLevel { ProductId = part.GetProperty("id").GetGuid(), WarehouseId = warehouse.Id, OnHand = onHand, Reserved = reserved });
        }
        await Client.CreateAsync("STK-NOWHERE");
        await context.SaveChangesAsync(Cancellation);
        Assert.Equal(["STK-FREE"], await Client.SkusAsync("q=STK&inStock=true"));
        Assert.Equal(["STK-TAKEN", "STK-EMPTY", "STK-NOWHERE"], await Client.SkusAsync("q=STK&inStock=false"));
    }

    [Fact]
    public async Task A_vehicle_finds_the_parts_that_fit_by_id_and_by_KType()
    {
        await using var context = catalog.Context();
        var vehicle = new Vehicle { Id = Guid.CreateVersion7(), KType = 19_420, Make = "Renault", Model = "Clio III", Variant = "1.5 dCi", YearFrom = 2005, YearTo = 2014 };
        var (fits, _) = await Client.CreateAsync("FIT-1");
        await Client.CreateAsync("FIT-2");
        context.Add(vehicle);
        context.Add(new Fitment { ProductId = fits.GetProperty("id").GetGuid(), VehicleId = vehicle.Id });
        await context.SaveChangesAsync(Cancellation);
        Assert.Equal(["FIT-1"], await Client.SkusAsync($"vehicle={vehicle.Id}"));
        Assert.Equal(["FIT-1"], await Client.SkusAsync("vehicle=19420"));
        Assert.Empty(await Client.SkusAsync("vehicle=1"));
    }

    [Theory]
    [InlineData("q=%00")]
    [InlineData("q=%F0%9F%94%A7")]
    [InlineData("q=%26%7C%21%3A%2A")]
    [InlineData("q='%20--")]
    [InlineData("brand=%00")]
    [InlineData("oem=%00")]
    public async Task What_no_part_can_have_finds_nothing_and_breaks_nothing(string query)
    {
        using var response = await Client.GetAsync($"/api/v1/products?{query}", Cancellation);
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, response.StatusCode.ToString());
    }

    [Theory]
    [InlineData("vehicle=clio", "vehicle")]
    [InlineData("minPrice=-1", "minPrice")]
    [InlineData("minPrice=2&maxPrice=1", "maxPrice")]
    [InlineData("sort=color", "sort")]
    [InlineData("minPrice=1&sort=created", "sort")]
    [InlineData("inStock=perhaps", "inStock")]
    public async Task A_wrong_filter_is_named(string query, string name)
    {
        using var response = await Client.GetAsync($"/api/v1/products?{query}", Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(name, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frien", "frein", 1)]
    [InlineData("plaqette", "plaquette", 1)]
    [InlineData("abc", "abc", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Typing_errors_are_counted_as_people_make_them(string a, string b, int errors) => Assert.Equal(errors, Products.Spelling.Errors(a, b));
}
