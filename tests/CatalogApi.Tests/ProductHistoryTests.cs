using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Shabou.CatalogApi.Tests;

public sealed class ProductHistoryTests(Catalog catalog) : IClassFixture<Catalog>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deleted_part_is_in_no_list_and_not_found_alone_and_its_sku_stays_taken()
    {
        var (address, etag) = await CreateAsync("DEL-1");
        using var deleted = await SendAsync(HttpMethod.Delete, address, etag);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.NotEqual(etag, deleted.Headers.ETag!.Tag);

        using var alone = await catalog.Client.GetAsync(address, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, alone.StatusCode);
        foreach (var filter in new[] { "q=DEL-1", "brand=bosch", "category=plaquettes", "oem=06A905161B" })
        {
            var page = await catalog.Client.GetFromJsonAsync<JsonElement>($"/api/v1/products?size=100&{filter}", Cancellation);
            Assert.DoesNotContain(page.GetProperty("items").EnumerateArray(), p => p.GetProperty("sku").GetString() == "DEL-1");
        }
        using var taken = await catalog.Client.PostAsJsonAsync("/api/v1/products", Catalog.Part("DEL-1"), Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        using var again = await SendAsync(HttpMethod.Delete, address, "*");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        using var put = await SendAsync(HttpMethod.Put, address, "*", Catalog.Part("DEL-1"));
        Assert.Equal(HttpStatusCode.NotFound, put.StatusCode);
    }

    [Fact]
    public async Task A_delete_needs_the_version_it_read()
    {
        var (address, etag) = await CreateAsync("DEL-2");
        using var absent = await SendAsync(HttpMethod.Delete, address, null);
        Assert.Equal((HttpStatusCode)428, absent.StatusCode);
        using var updated = await SendAsync(HttpMethod.Put, address, etag, Catalog.Part("DEL-2", ("priceExclTax", 1)));
        using var stale = await SendAsync(HttpMethod.Delete, address, etag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var response = await SendAsync(HttpMethod.Delete, address, updated.Headers.ETag!.Tag);
            return response.StatusCode;
        }));
        Assert.Single(answers, HttpStatusCode.NoContent);
        Assert.All(answers, status => Assert.True(status is HttpStatusCode.NoContent or HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task A_restored_part_is_back_where_it_was()
    {
        var (address, etag) = await CreateAsync("BACK-1");
        using var deleted = await SendAsync(HttpMethod.Delete, address, etag);
        using var stale = await SendAsync(HttpMethod.Post, $"{address}/restore", etag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        using var restored = await SendAsync(HttpMethod.Post, $"{address}/restore", deleted.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, restored.StatusCode);
        Assert.Equal("BACK-1", (await restored.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("sku").GetString());
        using var alone = await catalog.Client.GetAsync(address, Cancellation);
        Assert.Equal(restored.Headers.ETag, alone.Headers.ETag);
        using var again = await SendAsync(HttpMethod.Post, $"{address}/restore", null);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(["restored", "deleted", "created"], (await HistoryAsync(address)).Select(e => e.GetProperty("action").GetString()));
    }

    [Fact]
    public async Task Every_change_is_in_the_history_with_who_and_what()
    {
        var (address, etag) = await CreateAsync("HIST-1");
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = JsonContent.Create(Catalog.Part("HIST-1", ("priceExclTax", 99.25m))) };
        request.Headers.TryAddWithoutValidation("If-Match", etag);
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var updated = await catalog.Client.SendAsync(request, Cancellation);
        updated.EnsureSuccessStatusCode();
        (await SendAsync(HttpMethod.Delete, address, updated.Headers.ETag!.Tag)).EnsureSuccessStatusCode();

        var entries = await HistoryAsync(address); // of a deleted part
        Assert.Equal(["deleted", "updated", "created"], entries.Select(e => e.GetProperty("action").GetString()));
        Assert.All(entries, e => Assert.Equal("test-client", e.GetProperty("actor").GetString()));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", entries[1].GetProperty("traceId").GetString());
        Assert.Equal("92.500", entries[1].GetProperty("before").GetProperty("priceAmount").GetRawText());
        Assert.Equal("99.250", entries[1].GetProperty("after").GetProperty("priceAmount").GetRawText());
        Assert.Equal(JsonValueKind.Null, entries[2].GetProperty("before").ValueKind);
        Assert.NotEqual(JsonValueKind.Null, entries[0].GetProperty("after").GetProperty("deletedAt").ValueKind);
    }

    [Fact]
    public async Task The_history_is_cut_into_pages_and_a_part_that_never_was_has_none()
    {
        var (address, etag) = await CreateAsync("HIST-2");
        for (var i = 1; i <= 5; i++)
        {
            using var updated = await SendAsync(HttpMethod.Put, address, etag, Catalog.Part("HIST-2", ("priceExclTax", i)));
            etag = updated.Headers.ETag!.Tag;
        }
        var (actions, next) = (new List<string?>(), $"{address}/history?size=2");
        while (next is not null)
        {
            var page = await catalog.Client.GetFromJsonAsync<JsonElement>(next, Cancellation);
            actions.AddRange(page.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("action").GetString()));
            next = page.GetProperty("next").GetString() is { } cursor ? $"{address}/history?size=2&after={cursor}" : null;
        }
        Assert.Equal(["updated", "updated", "updated", "updated", "updated", "created"], actions);
        using var unknown = await catalog.Client.GetAsync($"/api/v1/products/{Guid.CreateVersion7()}/history", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task There_are_as_many_audit_entries_as_mutations()
    {
        const int seed = 20261121;
        var random = new Random(seed);
        var parts = new List<(string Sku, string Address, string ETag, bool Deleted)>();
        await using var context = catalog.Context();
        var before = await context.AuditEntries.CountAsync(e => e.TableName == "products", Cancellation);
        var mutations = 0;
        for (var step = 0; step < 120; step++)
        {
            var choice = random.Next(6);
            if (parts.Count == 0 || choice == 0)
            {
                var sku = $"RND-{step}";
                var (address, etag) = await CreateAsync(sku);
                parts.Add((sku, address, etag, false));
                mutations++;
                continue;
            }
            var place = random.Next(parts.Count);
            var part = parts[place];
            using var response = choice switch
            {
                1 or 2 => await SendAsync(HttpMethod.Put, part.Address, part.ETag, Catalog.Part(part.Sku, ("priceExclTax", step))),
                3 => await SendAsync(HttpMethod.Delete, part.Address, part.ETag),
                4 => await SendAsync(HttpMethod.Post, $"{part.Address}/restore", null),
                _ => await SendAsync(HttpMethod.Put, part.Address, "\"1\"", Catalog.Part(part.Sku)), // stale or gone: never one
            };
            if (!response.IsSuccessStatusCode || (choice == 4 && !part.Deleted)) continue;
            mutations++;
            parts[place] = part with { ETag = response.Headers.ETag!.Tag, Deleted = choice == 3 };
        }
        Assert.True(mutations > 50, $"seed {seed}: only {mutations} mutations");
        Assert.Equal(mutations, await context.AuditEntries.CountAsync(e => e.TableName == "products", Cancellation) - before);
    }

    private async Task<(string Address, string ETag)> CreateAsync(string sku)
    {
        using var created = await catalog.Client.PostAsJsonAsync("/api/v1/products", Catalog.Part(sku), Cancellation);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return (created.Headers.Location!.ToString(), created.Headers.ETag!.Tag);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, string? ifMatch, object? body = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body) };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await catalog.Client.SendAsync(request, Cancellation);
    }

    private async Task<List<JsonElement>> HistoryAsync(string address) =>
        [.. (await catalog.Client.GetFromJsonAsync<JsonElement>($"{address}/history", Cancellation)).GetProperty("items").EnumerateArray()];
}
