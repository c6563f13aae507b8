using System.Net;
using System.Text.Json;

namespace Shabou.CatalogApi.Tests;

public sealed class VehicleTests(Catalog catalog) : IClassFixture<Catalog>
{
    private const string Address = "/api/v1/vehicles";

    [Fact]
    public async Task A_vehicle_is_created_read_replaced_and_deleted()
    {
        using var created = await catalog.Client.SendAsync(HttpMethod.Post, Address, Body("Renault", "Clio IV", "1.5 dCi 90", 2012, 2019, 55_001, "vf15r"));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var address = created.Headers.Location!.OriginalString;
        var vehicle = await catalog.Client.JsonAsync(address);
        Assert.Equal((55_001, "VF15R"), (vehicle.GetProperty("ktype").GetInt32(), vehicle.GetProperty("vinPrefix").GetString()));

        Assert.Equal((HttpStatusCode)428, await catalog.Client.StatusAsync(HttpMethod.Put, address, Body("Renault", "Clio IV", "1.5 dCi 75", 2012)));
        using var replaced = await catalog.Client.SendAsync(HttpMethod.Put, address, Body("Renault", "Clio IV", "1.5 dCi 75", 2012), created.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, await catalog.Client.StatusAsync(HttpMethod.Delete, address, null, created.Headers.ETag.Tag));
        Assert.Equal(HttpStatusCode.NoContent, await catalog.Client.StatusAsync(HttpMethod.Delete, address, null, replaced.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.NotFound, await catalog.Client.StatusAsync(HttpMethod.Get, address));
    }

    [Fact]
    public async Task A_type_and_its_number_exist_once()
    {
        await AddAsync("Fiat", "Punto", "1.2", 1999, 2010, 55_100);
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Post, Address, Body("Fiat", "Panda", "1.2", 2003, null, 55_100), null, "55100");
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Post, Address, Body("Fiat", "Punto", "1.2", 1999), null, "Fiat Punto 1.2");
    }

    public static TheoryData<string, object?> Wrong => new()
    {
        { "make", "" }, { "make", null }, { "make", new string('x', 61) }, { "model", "" }, { "variant", new string('x', 101) }, { "yearFrom", 1885 }, { "yearFrom", 2101 },
        { "yearTo", 1999 }, { "ktype", 0 }, { "vinPrefix", "VF1O" }, { "vinPrefix", "VF15RABCDEFG" }, { "engine", "" }, { "unheardOf", 1 },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_field_is_named(string field, object? value)
    {
        var body = new Dictionary<string, object?> { ["make"] = "Seat", ["model"] = "Ibiza", ["variant"] = "1.4 TDI", ["yearFrom"] = 2008, [field] = value };
        await catalog.Client.RefusesAsync(HttpStatusCode.BadRequest, HttpMethod.Post, Address, body, null, field);
    }

    [Fact]
    public async Task The_list_is_in_order_whatever_its_pages()
    {
        foreach (var (model, variant, year) in new[] { ("Duster", "1.5 dCi", 2010), ("Logan", "1.4", 2004), ("Logan", "1.5 dCi", 2012), ("Logan", "1.5 dCi", 2004), ("Sandero", "0.9", 2012) })
            await AddAsync("Dacia", model, variant, year);
        string[] expected = ["Duster 1.5 dCi 2010", "Logan 1.4 2004", "Logan 1.5 dCi 2004", "Logan 1.5 dCi 2012", "Sandero 0.9 2012"];
        foreach (var size in new[] { 1, 2, 100 }) Assert.Equal(expected, await AllAsync($"{Address}?make=Dacia&size={size}"));
        Assert.Equal(["Logan 1.4 2004", "Logan 1.5 dCi 2004", "Logan 1.5 dCi 2012"], await AllAsync($"{Address}?make=Dacia&model=Logan"));
    }

    [Fact]
    public async Task Filters_narrow_the_list()
    {
        await AddAsync("Skoda", "Fabia", "1.4 TDI", 2000, 2007, 55_200, "TMB");
        await AddAsync("Skoda", "Fabia", "1.6 TDI", 2010, 2014, 55_201, "TMBJY25J");
        await AddAsync("Skoda", "Fabia", "1.0 TSI", 2018, null, 55_202, "TMBJR");
        Assert.Equal(["Fabia 1.4 TDI 2000"], await AllAsync($"{Address}?make=Skoda&year=2007"));
        Assert.Equal([], await AllAsync($"{Address}?make=Skoda&year=2008"));
        Assert.Equal(["Fabia 1.0 TSI 2018"], await AllAsync($"{Address}?make=Skoda&year=2050"));
        Assert.Equal(["Fabia 1.6 TDI 2010"], await AllAsync($"{Address}?ktype=55201"));
        Assert.Equal(["Fabia 1.4 TDI 2000", "Fabia 1.6 TDI 2010"], await AllAsync($"{Address}?vin=tmbjy25j7b3123456"));
        Assert.Equal(["Fabia 1.0 TSI 2018", "Fabia 1.4 TDI 2000"], await AllAsync($"{Address}?vin=TMBJR6NJ7J3123456"));
        Assert.Equal([], await AllAsync($"{Address}?make=skoda%25"));
    }

    [Theory]
    [InlineData("vin=TMBJY25J7B312345", "vin")]   // 16
    [InlineData("vin=TMBJY25J7B31234567", "vin")] // 18
    [InlineData("vin=TMBJY25J7B312345O", "vin")]
    [InlineData("vin=TMBJY25J7B312345i", "vin")]
    [InlineData("vin=TMBJY25J7B31234%25", "vin")]
    [InlineData("year=1885", "year")]
    [InlineData("year=soon", "year")]
    [InlineData("ktype=0", "ktype")]
    [InlineData("model=Fabia", "model")]
    [InlineData("make=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "make")]
    [InlineData("after=nonsense", "after")]
    public async Task A_wrong_filter_is_named(string query, string name) => await catalog.Client.RefusesAsync(HttpStatusCode.BadRequest, HttpMethod.Get, $"{Address}?{query}", null, null, name);

    [Fact]
    public async Task A_cursor_holds_the_longest_names_of_any_script()
    {
        var (make, model) = (new string('م', 60), new string('ط', 80));
        for (var i = 0; i < 2; i++) await AddAsync(make, model, new string('ن', 99) + i, 2000);
        Assert.Equal(2, (await AllAsync($"{Address}?make={make}&size=1")).Count);
    }

    [Fact]
    public async Task A_vehicles_parts_are_listed_and_hold_it()
    {
        var vehicle = await AddAsync("Kia", "Rio", "1.2", 2017, null, 55_300);
        var parts = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            var (part, tag) = await catalog.AddPartAsync($"RIO-{i}");
            Assert.Equal(HttpStatusCode.NoContent, await catalog.Client.StatusAsync(HttpMethod.Put, $"/api/v1/products/{part}/fitments", new { vehicles = new[] { "55300" } }, tag));
            parts.Add(part);
        }
        await catalog.AddPartAsync("NOT-RIO");
        var first = await catalog.Client.JsonAsync($"{Address}/{vehicle}/products?size=2");
        var second = await catalog.Client.JsonAsync($"{Address}/{vehicle}/products?size=2&after={first.GetProperty("next").GetString()}");
        Assert.Equal(parts, first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(p => p.GetProperty("id").GetGuid()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Delete, $"{Address}/{vehicle}", null, "*", "fitments");
        await catalog.Client.RefusesAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"{Address}/{Guid.CreateVersion7()}/products", null, null, "vehicle");
    }

    private async Task<Guid> AddAsync(string make, string model, string variant, int from, int? to = null, int? ktype = null, string? vin = null)
    {
        using var created = await catalog.Client.SendAsync(HttpMethod.Post, Address, Body(make, model, variant, from, to, ktype, vin));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return (await created.JsonAsync()).GetProperty("id").GetGuid();
    }

    private async Task<List<string>> AllAsync(string first)
    {
        var found = new List<string>();
        for (var address = first; address is not null;)
        {
            var page = await catalog.Client.JsonAsync(address);
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(v => $"{v.GetProperty("model").GetString()} {v.GetProperty("variant").GetString()} {v.GetProperty("yearFrom").GetInt32()}"));
            address = page.GetProperty("next") is { ValueKind: JsonValueKind.String } next ? $"{first}&after={next}" : null;
        }
        return found;
    }

    private static object Body(string make, string model, string variant, int yearFrom, int? yearTo = null, int? ktype = null, string? vinPrefix = null) =>
        new { make, model, variant, yearFrom, yearTo, ktype, vinPrefix };
}
