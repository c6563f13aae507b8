using System.Net;
using System.Text.Json;

namespace Shabou.CatalogApi.Tests;

public sealed class ReplacementTests(Catalog catalog) : IClassFixture<Catalog>
{
    [Fact]
    public async Task A_chain_is_followed_to_the_part_to_sell_now()
    {
        var parts = await ChainAsync("CHAIN", 4);
        var first = await catalog.Client.JsonAsync(Address(parts[0]));
        Assert.Equal([("CHAIN-1", 1), ("CHAIN-2", 2), ("CHAIN-3", 3)], first.GetProperty("items").EnumerateArray().Select(p => (p.GetProperty("sku").GetString(), p.GetProperty("depth").GetInt32())));
        Assert.Empty(first.GetProperty("replaces").EnumerateArray());
        var middle = await catalog.Client.JsonAsync(Address(parts[2]));
        Assert.Equal(["CHAIN-3"], Skus(middle, "items"));
        Assert.Equal(["CHAIN-1"], Skus(middle, "replaces"));
        var last = await catalog.Client.JsonAsync(Address(parts[3]));
        Assert.Empty(last.GetProperty("items").EnumerateArray());
        Assert.Equal("110.075", Assert.Single(last.GetProperty("replaces").EnumerateArray()).GetProperty("priceInclTax").GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, await catalog.Client.StatusAsync(HttpMethod.Get, Address(Guid.CreateVersion7())));
    }

    [Fact]
    public async Task A_replacement_needs_the_parts_version_and_changes_it()
    {
        var (old, tag) = await catalog.AddPartAsync("VER-OLD");
        var (now, _) = await catalog.AddPartAsync("VER-NEW");
        Assert.Equal((HttpStatusCode)428, await PutAsync(old, now, null));
        using var set = await catalog.Client.SendAsync(HttpMethod.Put, Address(old), new { replacedBy = now }, tag);
        Assert.Equal(HttpStatusCode.NoContent, set.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync(old, now, tag));
        Assert.Equal(now, (await catalog.Client.JsonAsync($"/api/v1/products/{old}")).GetProperty("replacedBy").GetGuid());

        Assert.Equal((HttpStatusCode)428, await catalog.Client.StatusAsync(HttpMethod.Delete, Address(old)));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await catalog.Client.StatusAsync(HttpMethod.Delete, Address(old), null, tag));
        Assert.Equal(HttpStatusCode.NoContent, await catalog.Client.StatusAsync(HttpMethod.Delete, Address(old), null, set.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.NoContent, await catalog.Client.StatusAsync(HttpMethod.Delete, Address(old), null, "*"));
        Assert.Equal(JsonValueKind.Null, (await catalog.Client.JsonAsync($"/api/v1/products/{old}")).GetProperty("replacedBy").ValueKind);
    }

    [Fact]
    public async Task A_circle_is_refused_and_its_parts_are_named()
    {
        var parts = await ChainAsync("CIRCLE", 3);
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Put, Address(parts[2]), new { replacedBy = parts[0] }, "*",
            "/problems/supersession-cycle", "CIRCLE-0 -> CIRCLE-1 -> CIRCLE-2");
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Put, Address(parts[2]), new { replacedBy = parts[2] }, "*", "/problems/supersession-cycle", "CIRCLE-2");
        Assert.Empty((await catalog.Client.JsonAsync(Address(parts[2]))).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_chain_has_at_most_twenty_replacements()
    {
        var front = await ChainAsync("FRONT", 11); // 10 replacements
        var back = await ChainAsync("BACK", 10);   // 9
        var (extra, _) = await catalog.AddPartAsync("EXTRA");
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(front[^1], back[0], "*")); // 20
        Assert.Equal(20, (await catalog.Client.JsonAsync(Address(front[0]))).GetProperty("items").GetArrayLength());
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Put, Address(back[^1]), new { replacedBy = extra }, "*", "BACK-9", "EXTRA", "20");
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Put, Address(extra), new { replacedBy = front[0] }, "*", "EXTRA", "FRONT-0", "20");
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(extra, front[1], "*"));
    }

    [Fact]
    public async Task An_unknown_part_is_named()
    {
        var (part, tag) = await catalog.AddPartAsync("UNKNOWN-1");
        var unknown = Guid.CreateVersion7();
        await catalog.Client.RefusesAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Put, Address(part), new { replacedBy = unknown }, tag, "replacedBy", unknown.ToString());
        await catalog.Client.RefusesAsync(HttpStatusCode.BadRequest, HttpMethod.Put, Address(part), new { replacedBy = "clio" }, tag, "replacedBy");
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(unknown, part, "*"));
    }

    [Fact]
    public async Task Two_replacements_at_once_make_no_circle()
    {
        var (a, _) = await catalog.AddPartAsync("DUEL-A");
        var (b, _) = await catalog.AddPartAsync("DUEL-B");
        var (c, _) = await catalog.AddPartAsync("DUEL-C");
        for (var round = 0; round < 20; round++)
        {
            // Each is right by itself; the three together are a circle.
            var results = await Task.WhenAll(PutAsync(a, b, "*"), PutAsync(b, c, "*"), PutAsync(c, a, "*"));
            Assert.Equal(2, results.Count(r => r == HttpStatusCode.NoContent));
            Assert.Equal(1, results.Count(r => r == HttpStatusCode.Conflict));
            foreach (var part in new[] { a, b, c }) await catalog.Client.StatusAsync(HttpMethod.Delete, Address(part), null, "*");
        }
    }

    /// <summary>Parts each of which is replaced by the next.</summary>
    private async Task<List<Guid>> ChainAsync(string name, int count)
    {
        var parts = new List<(Guid Id, string Tag)>();
        for (var i = 0; i < count; i++) parts.Add(await catalog.AddPartAsync($"{name}-{i}"));
        for (var i = 0; i + 1 < count; i++) Assert.Equal(HttpStatusCode.NoContent, await PutAsync(parts[i].Id, parts[i + 1].Id, parts[i].Tag));
        return parts.ConvertAll(p => p.Id);
    }

    private Task<HttpStatusCode> PutAsync(Guid part, Guid by, string? tag) => catalog.Client.StatusAsync(HttpMethod.Put, Address(part), new { replacedBy = by }, tag);

    private static IEnumerable<string?> Skus(JsonElement body, string list) => body.GetProperty(list).EnumerateArray().Select(p => p.GetProperty("sku").GetString());

    private static string Address(Guid part) => $"/api/v1/products/{part}/replacements";
}
