using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shabou.Idempotency;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Tests;

public sealed class IdempotencyTests(Catalog catalog) : IClassFixture<Catalog>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repeated_request_is_answered_as_the_first_was()
    {
        using var first = await PostAsync(Catalog.Part("IDEM-1"), "one");
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        using var again = await PostAsync(Catalog.Part("IDEM-1"), "one");
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancellation), await again.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(1, await CountAsync("IDEM-1"));
    }

    [Theory]
    [InlineData("/api/v1/brands", """{ "slug": "idem", "name": "Idem" }""")]
    [InlineData("/api/v1/suppliers", """{ "slug": "idem", "name": "Idem" }""")]
    [InlineData("/api/v1/warehouses", """{ "slug": "idem", "name": "Idem" }""")]
    [InlineData("/api/v1/categories", """{ "slug": "idem", "names": { "fr": "Idem", "ar": "كذلك" }, "parent": "freinage" }""")]
    [InlineData("/api/v1/vehicles", """{ "make": "Idem", "model": "I", "variant": "1.0", "yearFrom": 2001 }""")]
    [InlineData("/api/v1/stock/reservations", """{ "product": "PART", "quantity": 1 }""")]
    [InlineData("/api/v1/price-lists?supplier=idem-list", """[{ "sku": "IDEM-STOCK", "priceExclTax": 3 }]""")]
    public async Task Every_kind_of_thing_is_made_once_under_one_key(string address, string body)
    {
        await using (var context = catalog.Context())
        {
            if (!await context.Products.AnyAsync(p => p.Sku == "IDEM-STOCK", Cancellation))
            {
                var (part, _) = await catalog.Client.CreateAsync("IDEM-STOCK");
                var warehouse = new Warehouse { Id = Guid.CreateVersion7(), Slug = "idem-stock", Name = "Idem" };
                context.AddRange(warehouse, new StockLevel { ProductId = part.GetProperty("id").GetGuid(), WarehouseId = warehouse.Id, OnHand = 9 }, new Supplier { Id = Guid.CreateVersion7(), Slug = "idem-list", Name = "Idem" });
                await context.SaveChangesAsync(Cancellation);
            }
            body = body.Replace("PART", (await context.Products.SingleAsync(p => p.Sku == "IDEM-STOCK", Cancellation)).Id.ToString(), StringComparison.Ordinal);
        }
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.UTF8, "application/json"), Headers = { { "Idempotency-Key", $"each {address}" } } };
            using var response = await catalog.Client.SendAsync(request, Cancellation);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
            return (response.Headers.Location, Replayed: response.Headers.Contains("Idempotency-Replayed"));
        }));
        Assert.Single(answers.Select(a => a.Location).Distinct());
        Assert.Equal(1, answers.Count(a => !a.Replayed));
        await using var after = catalog.Context();
        if (address.Contains("reservations", StringComparison.Ordinal)) Assert.Equal(1, await after.StockLevels.SumAsync(l => l.Reserved, Cancellation));
        if (address.Contains("price-lists", StringComparison.Ordinal)) Assert.Equal(1, await after.PriceLists.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Of_fifty_parallel_requests_with_one_key_one_has_an_effect_and_all_have_its_answer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using var response = await PostAsync(Catalog.Part("IDEM-50"), "fifty");
            return (response.StatusCode, Body: await response.Content.ReadAsStringAsync(Cancellation), Replayed: response.Headers.Contains("Idempotency-Replayed"));
        }));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Single(answers.Select(a => a.Body).Distinct());
        Assert.Equal(49, answers.Count(a => a.Replayed));
        Assert.Equal(1, await CountAsync("IDEM-50"));
    }

    [Fact]
    public async Task A_key_of_another_request_is_refused()
    {
        (await PostAsync(Catalog.Part("IDEM-M1"), "mismatch")).EnsureSuccessStatusCode();
        using var otherBody = await PostAsync(Catalog.Part("IDEM-M2"), "mismatch");
        using var otherQuery = await PostAsync(Catalog.Part("IDEM-M1"), "mismatch", "?x=1");
        foreach (var response in new[] { otherBody, otherQuery })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            Assert.Equal("/problems/idempotency-mismatch", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("type").GetString());
        }
        Assert.Equal(0, await CountAsync("IDEM-M2"));
    }

    [Fact]
    public async Task What_was_refused_can_be_repaired_under_the_same_key()
    {
        using var refused = await PostAsync(Catalog.Part("IDEM-R1", ("brand", "nobody")), "repair");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        using var malformed = await PostAsync(Catalog.Part("IDEM-R1", ("vatRate", "many")), "repair");
        Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
        using var repaired = await PostAsync(Catalog.Part("IDEM-R1"), "repair");
        Assert.Equal(HttpStatusCode.Created, repaired.StatusCode);
    }

    [Fact]
    public async Task A_conflict_is_not_kept_either()
    {
        (await PostAsync(Catalog.Part("IDEM-C"), null)).EnsureSuccessStatusCode();
        for (var i = 0; i < 2; i++)
        {
            using var conflict = await PostAsync(Catalog.Part("IDEM-C"), "conflict");
            Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
            Assert.False(conflict.Headers.Contains("Idempotency-Replayed"));
        }
    }

    [Fact]
    public async Task Keys_of_two_callers_do_not_meet()
    {
        (await PostAsync(Catalog.Part("IDEM-A"), "shared")).EnsureSuccessStatusCode();
        using var other = catalog.SignedIn("USER", "somebody-else");
        using var response = await PostAsync(Catalog.Part("IDEM-B"), "shared", client: other);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData("tab\there")]
    [InlineData("é")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        using var response = await PostAsync(Catalog.Part("IDEM-BAD"), key);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Idempotency-Key", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync("IDEM-BAD"));
    }

    [Fact]
    public async Task The_longest_key_is_taken_and_a_longer_one_is_not()
    {
        using var longest = await PostAsync(Catalog.Part("IDEM-255"), new string('k', 255));
        Assert.Equal(HttpStatusCode.Created, longest.StatusCode);
        using var longer = await PostAsync(Catalog.Part("IDEM-256"), new string('k', 256));
        Assert.Equal(HttpStatusCode.BadRequest, longer.StatusCode);
    }

    [Fact]
    public async Task Keys_are_forgotten_after_a_day()
    {
        (await PostAsync(Catalog.Part("IDEM-OLD"), "old")).EnsureSuccessStatusCode();
        (await PostAsync(Catalog.Part("IDEM-YOUNG"), "young")).EnsureSuccessStatusCode();
        await using var context = catalog.Context();
        var old = await context.IdempotentRequests.OrderBy(r => r.CreatedAt).FirstAsync(Cancellation);
        await context.IdempotentRequests.Where(r => r.KeyHash == old.KeyHash).ExecuteUpdateAsync(set => set.SetProperty(r => r.CreatedAt, DateTimeOffset.UtcNow.AddHours(-25)), Cancellation);
        var before = await context.IdempotentRequests.CountAsync(Cancellation);
        await using var scope = catalog.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ForgetOldRequests>().RunAsync(new(Guid.NewGuid(), ForgetOldRequests.Kind.Name, new(), 1, null, Guid.NewGuid()), Cancellation);
        Assert.Equal(before - 1, await context.IdempotentRequests.CountAsync(Cancellation));
    }

    private async Task<HttpResponseMessage> PostAsync(object part, string? key, string query = "", HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/products{query}") { Content = JsonContent.Create(part) };
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await (client ?? catalog.Client).SendAsync(request, Cancellation);
    }

    private async Task<int> CountAsync(string sku)
    {
        await using var context = catalog.Context();
        return await context.Products.CountAsync(p => p.Sku == sku, Cancellation);
    }
}
