using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Tests.Prices;

/// <summary>A purchasing clerk: has suppliers, loads their lists, and waits for the work to end.</summary>
internal sealed class PriceDesk(Catalog catalog)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Adds a supplier behind the service's back.</summary>
    public async Task<string> AddSupplierAsync(string slug)
    {
        await using var context = catalog.Context();
        context.Suppliers.Add(new Supplier { Id = Guid.CreateVersion7(), Slug = slug, Name = slug });
        await context.SaveChangesAsync(Cancellation);
        return slug;
    }

    /// <summary>Adds parts PREFIX-0000 ... behind the service's back.</summary>
    public async Task<List<Product>> AddPartsAsync(string prefix, int count, decimal price = 10, string brand = "bosch", string category = "plaquettes", decimal quantity = 1)
    {
        await using var context = catalog.Context();
        var (brandId, categoryId) = (await context.Brands.Where(b => b.Slug == brand).Select(b => b.Id).SingleAsync(Cancellation), await context.Categories.Where(c => c.Slug == category).Select(c => c.Id).SingleAsync(Cancellation));
        var newest = await context.PriceLists.MaxAsync(l => l.Number, Cancellation) ?? 0;
        var now = DateTimeOffset.UtcNow;
        var parts = Enumerable.Range(0, count).Select(i => new Product
        {
            Id = Guid.CreateVersion7(now.AddMilliseconds(i)), Sku = Sku(prefix, i), NameFr = $"Pièce {prefix}", NameAr = "قطعة", BrandId = brandId, CategoryId = categoryId,
            Price = Money.Tnd(price), PriceSetAfter = newest, BaseQuantity = quantity, VatRate = 19, CreatedAt = now, UpdatedAt = now,
        }).ToList();
        parts.ForEach(p => p.RefreshSearch());
        context.AddRange(parts);
        await context.SaveChangesAsync(Cancellation);
        return parts;
    }

    public static string Sku(string prefix, int i) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i:D4}");

    /// <summary>A list with one price for the parts of a prefix.</summary>
    public static string Csv(string prefix, int count, decimal price) =>
        "sku,price\n" + string.Concat(Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{Sku(prefix, i)},{price}\n")));

    public Task<HttpResponseMessage> SendAsync(string supplier, string csv, string query = "") => SendAsync(supplier, Encoding.UTF8.GetBytes(csv), query: query);

    public async Task<HttpResponseMessage> SendAsync(string supplier, byte[] body, string type = "text/csv", string? encoding = null, string query = "", HttpClient? client = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
        return await (client ?? catalog.Client).PostAsync($"/api/v1/price-lists?supplier={supplier}{query}", content, Cancellation);
    }

    /// <summary>Sends a list and waits until its job has ended.</summary>
    public async Task<JsonElement> LoadAsync(string supplier, string csv, string query = "")
    {
        using var response = await SendAsync(supplier, csv, query);
        return await FinishAsync(response);
    }

    /// <summary>The list of a 202 when its job has ended.</summary>
    public async Task<JsonElement> FinishAsync(HttpResponseMessage response)
    {
        var id = await IdAsync(response);
        await JobAsync(response.Headers.Location!);
        return await ListAsync(id);
    }

    /// <summary>The id of the list of a 202.</summary>
    public static async Task<Guid> IdAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(Cancellation); // unlike a stream it can be read again
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, body);
        return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("id").GetGuid();
    }

    /// <summary>The job when it has completed.</summary>
    public async Task<JsonElement> JobAsync(Uri location)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var job = await catalog.Client.GetFromJsonAsync<JsonElement>(location, deadline.Token);
            if (job.GetProperty("state").GetString() is not ("available" or "running"))
            {
                Assert.True(job.GetProperty("state").GetString() == "completed", job.ToString());
                return job;
            }
            await tick.WaitForNextTickAsync(deadline.Token);
        }
    }

    public Task<JsonElement> ListAsync(Guid id) => catalog.Client.GetFromJsonAsync<JsonElement>($"/api/v1/price-lists/{id}", Cancellation);

    public async Task<JsonElement> RollBackAsync(JsonElement list)
    {
        using var response = await TryRollBackAsync(list);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.OK, body.ToString());
        return body;
    }

    public Task<HttpResponseMessage> TryRollBackAsync(JsonElement list) => catalog.Client.PostAsync($"/api/v1/price-lists/{list.GetProperty("id").GetGuid()}/rollback", content: null, Cancellation);

    public async Task<decimal> PriceOfAsync(Guid part) => (await catalog.Client.GetFromJsonAsync<JsonElement>($"/api/v1/products/{part}", Cancellation)).GetProperty("priceExclTax").GetDecimal();

    /// <summary>What every part costs.</summary>
    public async Task<List<(Guid Part, decimal Price)>> PricesAsync() =>
        (await AllAsync("/api/v1/products?size=100")).ConvertAll(p => (p.GetProperty("id").GetGuid(), p.GetProperty("priceExclTax").GetDecimal()));

    /// <summary>Every error of a list.</summary>
    public async Task<List<(int Line, string Column, string Reason)>> ErrorsAsync(JsonElement list) =>
        (await AllAsync($"/api/v1/price-lists/{list.GetProperty("id").GetGuid()}/errors?size=100"))
        .ConvertAll(e => (e.GetProperty("line").GetInt32(), e.GetProperty("column").GetString()!, e.GetProperty("reason").GetString()!));

    /// <summary>A list of the service, page by page.</summary>
    public async Task<List<JsonElement>> AllAsync(string address)
    {
        var items = new List<JsonElement>();
        for (var next = address; next is not null;)
        {
            var page = await catalog.Client.GetFromJsonAsync<JsonElement>(next, Cancellation);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString() is { } cursor ? $"{address}&after={cursor}" : null;
        }
        return items;
    }
}
