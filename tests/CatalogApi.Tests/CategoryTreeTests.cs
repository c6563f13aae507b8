using System.Net;

namespace Shabou.CatalogApi.Tests;

public sealed class CategoryTreeTests(Catalog catalog) : IClassFixture<Catalog>
{
    private const string Address = "/api/v1/categories";

    [Fact]
    public async Task A_moved_category_takes_all_that_is_below_it_along()
    {
        await AddAsync("moteur", null);
        await AddAsync("lubrification", "moteur");
        await AddAsync("filtres-a-huile", "lubrification");
        await AddAsync("entretien", null);
        var (part, _) = await catalog.AddPartAsync("MOVED-1", ("category", "filtres-a-huile"));

        Assert.Equal(HttpStatusCode.OK, await PutAsync("lubrification", "graissage", "entretien"));
        Assert.Equal("entretien/graissage/filtres-a-huile/", (await catalog.Client.JsonAsync($"{Address}/filtres-a-huile")).GetProperty("path").GetString());
        var moved = await catalog.Client.JsonAsync($"{Address}/graissage");
        Assert.Equal(("entretien/graissage/", "entretien"), (moved.GetProperty("path").GetString(), moved.GetProperty("parent").GetString()));
        Assert.Equal(part, Assert.Single((await catalog.Client.JsonAsync("/api/v1/products?category=entretien")).GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
        Assert.Empty((await catalog.Client.JsonAsync("/api/v1/products?category=moteur")).GetProperty("items").EnumerateArray());

        Assert.Equal(HttpStatusCode.OK, await PutAsync("graissage", "graissage", null));
        Assert.Equal("graissage/filtres-a-huile/", (await catalog.Client.JsonAsync($"{Address}/filtres-a-huile")).GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_category_cannot_stand_below_itself()
    {
        await AddAsync("top", null);
        await AddAsync("middle", "top");
        await AddAsync("bottom", "middle");
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Put, $"{Address}/top", Body("top", "top"), "*", "'top'");
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Put, $"{Address}/top", Body("top", "bottom"), "*", "'top'", "'bottom'", "top/middle/bottom/");
        Assert.Equal("top/middle/bottom/", (await catalog.Client.JsonAsync($"{Address}/bottom")).GetProperty("path").GetString());
    }

    [Fact]
    public async Task An_unknown_parent_is_named()
    {
        await catalog.Client.RefusesAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, Address, Body("orphan", "nobody"), null, "parent", "'nobody'");
        await AddAsync("orphan-2", null);
        await catalog.Client.RefusesAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Put, $"{Address}/orphan-2", Body("orphan-2", "nobody"), "*", "parent", "'nobody'");
    }

    [Fact]
    public async Task A_path_is_never_too_long_to_store()
    {
        string? parent = null;
        for (var level = 0; level < 7; level++)
        {
            var slug = new string('x', 99) + level;
            await AddAsync(slug, parent);
            parent = slug;
        }
        await AddAsync("short", parent);
        await catalog.Client.RefusesAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, Address, Body(new string('y', 99), "short"), null, "parent", "800");
        await catalog.Client.RefusesAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Put, $"{Address}/short", Body(new string('y', 100), parent), "*", "parent", "800");
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("ar")]
    [InlineData("en")]
    public async Task A_name_is_never_too_long_to_store(string language)
    {
        var names = new Dictionary<string, string> { ["fr"] = "Nom", ["ar"] = "اسم", [language] = new string('x', 101) };
        await catalog.Client.RefusesAsync(HttpStatusCode.BadRequest, HttpMethod.Post, Address, new { slug = "long-name", names }, null, "names", "100");
    }

    [Fact]
    public async Task Two_moves_at_once_make_no_circle()
    {
        await AddAsync("left", null);
        await AddAsync("right", null);
        for (var round = 0; round < 20; round++)
        {
            var results = await Task.WhenAll(PutAsync("left", "left", "right"), PutAsync("right", "right", "left"));
            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], results.Order());
            await PutAsync("left", "left", null);
            await PutAsync("right", "right", null);
            Assert.Equal("right/", (await catalog.Client.JsonAsync($"{Address}/right")).GetProperty("path").GetString());
            await PutAsync("left", "left", null);
        }
    }

    private async Task AddAsync(string slug, string? parent)
    {
        using var created = await catalog.Client.SendAsync(HttpMethod.Post, Address, Body(slug, parent));
        Assert.True(created.StatusCode == HttpStatusCode.Created, await created.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private Task<HttpStatusCode> PutAsync(string slug, string newSlug, string? parent) => catalog.Client.StatusAsync(HttpMethod.Put, $"{Address}/{slug}", Body(newSlug, parent), "*");

    private static object Body(string slug, string? parent) => new { slug, parent, names = new { fr = slug, ar = "اسم", en = slug } };
}
