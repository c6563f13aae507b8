using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Shabou.CatalogApi.Tests.Prices;

public sealed class PriceListTests(Catalog catalog) : IClassFixture<Catalog>
{
    private readonly PriceDesk _desk = new(catalog);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_is_applied_by_its_job_and_seen_by_the_next_reader()
    {
        var supplier = await _desk.AddSupplierAsync("applied");
        var part = (await _desk.AddPartsAsync("APPLIED", 3))[1];
        using var before = await catalog.Client.GetAsync($"/api/v1/products/{part.Id}", Cancellation);
        using var response = await _desk.SendAsync(supplier, PriceDesk.Csv("APPLIED", 3, 12.345m));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var accepted = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(3, accepted.GetProperty("rowsRead").GetInt32());
        Assert.EndsWith(accepted.GetProperty("job").GetString()!, response.Headers.Location!.ToString(), StringComparison.Ordinal);

        var job = await _desk.JobAsync(response.Headers.Location);
        Assert.Equal("""{"rowsRead":3,"rowsApplied":3,"rowsChecked":3}""", job.GetProperty("progress").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("applied", job.GetProperty("result").GetProperty("state").GetString());
        using var after = await catalog.Client.GetAsync($"/api/v1/products/{part.Id}", Cancellation);
        var view = await after.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal("12.345", view.GetProperty("priceExclTax").GetRawText());
        Assert.Equal(job.GetProperty("result").GetProperty("number").GetInt32(), view.GetProperty("priceList").GetInt32());
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);

        using var listed = await catalog.Client.GetAsync($"/api/v1/price-lists/{accepted.GetProperty("id").GetGuid()}", Cancellation);
        Assert.NotNull(listed.Headers.ETag);
        var list = await listed.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(("applied", true, 3, 0, "test-client"), (list.GetProperty("state").GetString(), list.GetProperty("counts").GetBoolean(),
            list.GetProperty("rowsApplied").GetInt32(), list.GetProperty("rowsRefused").GetInt32(), list.GetProperty("createdBy").GetString()));
        await using var context = catalog.Context();
        Assert.Equal(0, await context.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM catalog.price_list_rows").SingleAsync(Cancellation));
        var entry = await context.AuditEntries.Where(e => e.TableName == "suppliers" && e.Action == "updated").OrderBy(e => e.Id).LastAsync(Cancellation);
        Assert.Equal("test-client", entry.Actor);
        Assert.NotNull(entry.TraceId);
    }

    public static TheoryData<string, string, bool> Forms => new()
    {
        { "text/csv", "sku,price\n{0},7.5\n{1},8\n", false },
        { "text/csv", "\uFEFFsku;name;price_excl_tax;currency\r\n{0};Filtre, \"huile\";7,5;TND\r\n{1};x;8;TND", false },
        { "text/csv", "\"Currency\",\"PriceExclTax\",\"SKU\"\n\nTND,\"7.500\",\"{0}\"\nTND, 8.000 ,{1}\n", true },
        { "application/json", """[{{"sku":"{0}","priceExclTax":7.5}},{{"priceExclTax":8e0,"sku":"{1}"}}]""", false },
        { "application/json", """[{{"sku":"{0}","priceExclTax":7.500}},{{"sku":" {1}","priceExclTax":8}}]""", true },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Every_form_of_a_list_means_the_same(string type, string form, bool gzip)
    {
        var name = $"form-{Guid.NewGuid():N}"[..12];
        var supplier = await _desk.AddSupplierAsync(name);
        var parts = await _desk.AddPartsAsync(name, 2);
        var body = Encoding.UTF8.GetBytes(string.Format(System.Globalization.CultureInfo.InvariantCulture, form.Replace("Filtre, \"huile\"", "\"Filtre, \"\"huile\"\"\"", StringComparison.Ordinal), parts[0].Sku, parts[1].Sku));
        using var response = await _desk.SendAsync(supplier, gzip ? Gzip(body) : body, type, gzip ? "gzip" : null);
        var list = await _desk.FinishAsync(response);
        Assert.Empty(await _desk.ErrorsAsync(list));
        Assert.Equal("applied", list.GetProperty("state").GetString());
        Assert.Equal((7.5m, 8m), (await _desk.PriceOfAsync(parts[0].Id), await _desk.PriceOfAsync(parts[1].Id)));
    }

    [Theory]
    [InlineData("sku,price\nA,1\n", "text/plain", null, "applied", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("sku,price\nA,1\n", "text/csv", "br", "applied", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("sku,price\nA,1\n", "text/csv", "gzip", "bad", HttpStatusCode.BadRequest)]
    [InlineData("sku,price\nA,1\n", "text/csv", null, "nobody", HttpStatusCode.UnprocessableEntity)]
    [InlineData("", "text/csv", null, "bad", HttpStatusCode.BadRequest)]
    [InlineData("A,1\nB,2\n", "text/csv", null, "bad", HttpStatusCode.BadRequest)]
    [InlineData("sku,price,price\nA,1,1\n", "text/csv", null, "bad", HttpStatusCode.BadRequest)]
    [InlineData("sku,price,priceExclTax\nA,1,1\n", "text/csv", null, "bad", HttpStatusCode.BadRequest)]
    [InlineData("sku,price\n", "text/csv", null, "bad", HttpStatusCode.UnprocessableEntity)]
    [InlineData("sku,price\nA,\"1\n", "text/csv", null, "bad", HttpStatusCode.BadRequest)]
    [InlineData("[]", "application/json", null, "bad", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{\"sku\":\"A\"}", "application/json", null, "bad", HttpStatusCode.BadRequest)]
    [InlineData("[{\"sku\":\"A\",\"priceExclTax\":1}", "application/json", null, "bad", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_read_is_refused_and_nothing_is_stored(string body, string type, string? encoding, string supplier, HttpStatusCode expected)
    {
        if (supplier == "bad") supplier = await _desk.AddSupplierAsync($"bad-{Guid.NewGuid():N}");
        await AssertRefusedAsync(expected, () => _desk.SendAsync(supplier, Encoding.UTF8.GetBytes(body), type, encoding));
    }

    [Fact]
    public async Task Damaged_bytes_are_refused_and_nothing_is_stored()
    {
        var supplier = await _desk.AddSupplierAsync("damaged");
        await AssertRefusedAsync(HttpStatusCode.BadRequest, () => _desk.SendAsync(supplier, [.. "sku,price\nA"u8, 0xC3, 0x28, .. ",1\n"u8]));
        await AssertRefusedAsync(HttpStatusCode.BadRequest, () => _desk.SendAsync(supplier, [0xEF, 0xBB, 0xBF, .. "sku,price\nA"u8, 0xFF, .. ",1\n"u8]));
        var whole = Gzip(Encoding.UTF8.GetBytes(PriceDesk.Csv("DAMAGED", 500, 1)));
        await AssertRefusedAsync(HttpStatusCode.BadRequest, () => _desk.SendAsync(supplier, whole[..(whole.Length / 2)], encoding: "gzip"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // small on the wire, too large when it is open
    public async Task A_list_above_ten_megabytes_is_refused_and_nothing_is_stored(bool gzip)
    {
        var supplier = await _desk.AddSupplierAsync($"large-{gzip}".ToLowerInvariant());
        var body = Encoding.ASCII.GetBytes("sku,price\n" + string.Concat(Enumerable.Repeat("LARGE-0000,12.345\n", 600_000)));
        await AssertRefusedAsync(HttpStatusCode.RequestEntityTooLarge, () => _desk.SendAsync(supplier, gzip ? Gzip(body) : body, encoding: gzip ? "gzip" : null));
    }

    [Theory]
    [InlineData("&onError=maybe", "onError")]
    [InlineData("&dryRun=perhaps", "dryRun")]
    public async Task A_wrong_parameter_is_named(string query, string name)
    {
        using var response = await _desk.SendAsync("whoever", "sku,price\nA,1\n", query);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(name, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_administrators_load_lists_and_roll_them_back()
    {
        var supplier = await _desk.AddSupplierAsync("guarded");
        await _desk.AddPartsAsync("GUARDED", 1);
        var list = await _desk.LoadAsync(supplier, PriceDesk.Csv("GUARDED", 1, 5));
        using var user = catalog.SignedIn("USER");
        using var upload = await _desk.SendAsync(supplier, "sku,price\nA,1\n"u8.ToArray(), client: user);
        using var rollback = await user.PostAsync($"/api/v1/price-lists/{list.GetProperty("id").GetGuid()}/rollback", content: null, Cancellation);
        using var read = await user.GetAsync($"/api/v1/price-lists/{list.GetProperty("id").GetGuid()}", Cancellation);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK), (upload.StatusCode, rollback.StatusCode, read.StatusCode));
    }

    [Fact]
    public async Task Lists_come_newest_first_a_page_at_a_time_by_supplier()
    {
        var (supplier, other) = (await _desk.AddSupplierAsync("paged"), await _desk.AddSupplierAsync("paged-other"));
        await _desk.AddPartsAsync("PAGED", 1);
        var loaded = new List<Guid>();
        for (var i = 0; i < 3; i++) loaded.Add((await _desk.LoadAsync(supplier, PriceDesk.Csv("PAGED", 1, i))).GetProperty("id").GetGuid());
        await _desk.LoadAsync(other, PriceDesk.Csv("PAGED", 1, 9));
        var first = await catalog.Client.GetFromJsonAsync<JsonElement>($"/api/v1/price-lists?supplier={supplier}&size=2", Cancellation);
        var second = await catalog.Client.GetFromJsonAsync<JsonElement>($"/api/v1/price-lists?supplier={supplier}&size=2&after={first.GetProperty("next").GetString()}", Cancellation);
        Assert.Equal(Enumerable.Reverse(loaded), first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(l => l.GetProperty("id").GetGuid()));
        Assert.Null(second.GetProperty("next").GetString());
        Assert.Equal([true, false], first.GetProperty("items").EnumerateArray().Select(l => l.GetProperty("counts").GetBoolean()));
        Assert.Empty((await catalog.Client.GetFromJsonAsync<JsonElement>("/api/v1/price-lists?supplier=nobody", Cancellation)).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/errors")]
    [InlineData("POST", "/rollback")]
    public async Task A_list_that_does_not_exist_is_not_found(string method, string path)
    {
        using var request = new HttpRequestMessage(new(method), $"/api/v1/price-lists/{Guid.CreateVersion7()}{path}");
        using var response = await catalog.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task AssertRefusedAsync(HttpStatusCode expected, Func<Task<HttpResponseMessage>> send)
    {
        var before = await StoredAsync();
        using var response = await send();
        Assert.Equal((expected, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(before, await StoredAsync());
    }

    private async Task<(int Lists, int Rows, int Jobs)> StoredAsync()
    {
        await using var context = catalog.Context();
        return (await context.PriceLists.CountAsync(Cancellation),
            await context.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM catalog.price_list_rows").SingleAsync(Cancellation),
            await context.AllJobs.CountAsync(j => j.Queue == "catalog", Cancellation));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
