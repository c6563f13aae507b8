using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;

namespace Shabou.CatalogApi.Tests;

public sealed class BulkTests(Catalog catalog) : IClassFixture<Catalog>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parts_are_added_then_replaced_and_the_unchanged_are_not_touched()
    {
        var rows = Enumerable.Range(0, 300).Select(i => Row("UPS", i, ("oeNumbers", new[] { new { number = $"OE {i}.{i}", maker = "Renault" } }))).ToList();
        Assert.Equal((300, 0, 0, 0), Counts(await UpsertAsync(rows)));
        var versions = await VersionsAsync("UPS");
        var audit = await AuditAsync();

        Assert.Equal((0, 0, 300, 0), Counts(await UpsertAsync(rows)));
        Assert.Equal(versions, await VersionsAsync("UPS"));
        Assert.Equal(audit, await AuditAsync());

        rows[7]["priceExclTax"] = 13.5m;
        rows[8]["oeNumbers"] = new[] { new { number = "NEW 8", maker = "Dacia" } };
        rows.Add(Row("UPS", 300));
        Assert.Equal((1, 2, 298, 0), Counts(await UpsertAsync(rows)));
        Assert.Equal(2, (await VersionsAsync("UPS")).Count(v => versions.TryGetValue(v.Key, out var old) && old != v.Value));
        Assert.Equal(audit + 3, await AuditAsync());

        await using var context = catalog.Context();
        var part = await context.Products.Include(p => p.References).SingleAsync(p => p.ExternalId == "UPS-8", Cancellation);
        Assert.Equal(["06A905161B", "NEW8"], part.References.Select(r => r.Normalised).Order(StringComparer.Ordinal));
        var priced = await catalog.Client.GetFromJsonAsync<JsonElement>("/api/v1/products?q=UPS-7", Cancellation);
        Assert.Equal("13.500", Assert.Single(priced.GetProperty("items").EnumerateArray(), p => p.GetProperty("sku").GetString() == "UPS-7").GetProperty("priceExclTax").GetRawText());
    }

    [Fact]
    public async Task A_bulk_part_is_what_a_posted_part_is()
    {
        var bulk = Row("TWIN", 1, ("names", new { fr = "Étrier arrière", ar = "ملقط الفرامل", en = "Rear caliper" }), ("gtin", "3165143456781"), ("crossReferences", new[] { new { number = "GDB 1550", maker = "TRW" } }));
        Assert.Equal((1, 0, 0, 0), Counts(await UpsertAsync([bulk])));
        var posted = new Dictionary<string, object?>(bulk) { ["sku"] = "TWIN-2", ["externalId"] = "TWIN-2", ["gtin"] = null };
        using var created = await catalog.Client.PostAsJsonAsync("/api/v1/products", posted, Cancellation);
        created.EnsureSuccessStatusCode();
        await using var context = catalog.Context();
        var parts = await context.Products.AsNoTracking().Include(p => p.References).Where(p => p.ExternalId!.StartsWith("TWIN")).OrderBy(p => p.ExternalId).ToListAsync(Cancellation);
        Assert.Equal(parts[1].References.Select(r => (r.Kind, r.Maker, r.Number, r.Normalised)), parts[0].References.Select(r => (r.Kind, r.Maker, r.Number, r.Normalised)));
        Assert.Equal(parts[1].Search.Split(' ').Except(["twin2", "2"]).Order(), parts[0].Search.Split(' ').Except(["twin1", "1", "3165143456781"]).Order());
        Assert.Equal((parts[1].Price, parts[1].VatRate, parts[1].BaseQuantity, parts[1].BasePrice), (parts[0].Price, parts[0].VatRate, parts[0].BaseQuantity, parts[0].BasePrice));
        Assert.Equal("test-client", parts[0].ChangedBy);
        Assert.NotNull(parts[0].ChangedTrace);
        // And what was posted is unchanged when it comes in bulk.
        Assert.Equal((0, 0, 1, 0), Counts(await UpsertAsync([posted])));
    }

    public static TheoryData<string, object?, string> WrongRows => new()
    {
        { "sku", "has space", "sku" }, { "names", new { fr = "x" }, "" }, { "brand", "nobody", "brand" }, { "category", "nothing", "category" }, { "gtin", "12345", "gtin" },
        { "externalId", null, "externalId" }, { "priceExclTax", "many", "priceExclTax" }, { "vatRate", 20, "vatRate" }, { "unheardOf", 1, "unheardOf" }, { "names", new { fr = "a\0b", ar = "x" }, "" },
    };

    [Theory]
    [MemberData(nameof(WrongRows))]
    public async Task A_wrong_row_stops_all_is_left_out_or_only_counted(string member, object? value, string field)
    {
        var name = $"W{Math.Abs(HashCode.Combine(member, value?.ToString()))}";
        var rows = new[] { Row(name, 0), Row(name, 1, (member, value)), Row(name, 2) };
        using (var all = await PostAsync(rows, "reject-all"))
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, all.StatusCode);
            Assert.Equal("application/problem+json", all.Content.Headers.ContentType?.MediaType);
            var error = Assert.Single((await all.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("rowErrors").EnumerateArray());
            Assert.Equal(1, error.GetProperty("index").GetInt32());
            Assert.Contains(field, error.GetProperty("field").GetString(), StringComparison.Ordinal);
        }
        Assert.Empty(await VersionsAsync(name));

        var some = await UpsertAsync(rows, "reject-rows");
        Assert.Equal((2, 0, 0, 1), Counts(some));
        Assert.Equal(1, Assert.Single(some.GetProperty("errors").EnumerateArray()).GetProperty("index").GetInt32());
        Assert.Equal(2, (await VersionsAsync(name)).Count);

        var ignored = await UpsertAsync(rows, "ignore");
        Assert.Equal((0, 0, 2, 1), Counts(ignored));
        Assert.Empty(ignored.GetProperty("errors").EnumerateArray());
    }

    [Fact]
    public async Task Of_rows_that_contradict_each_other_the_first_counts()
    {
        var rows = new[] { Row("DUP", 0), Row("DUP", 0, ("sku", "DUP-X")), Row("DUP", 1, ("sku", "DUP-0")), Row("DUP", 2, ("gtin", "96385074")), Row("DUP", 3, ("gtin", "96385074")) };
        var result = await UpsertAsync(rows, "reject-rows");
        Assert.Equal((2, 0, 0, 3), Counts(result));
        Assert.Equal([(1, "externalId"), (2, "sku"), (4, "gtin")], Errors(result));
    }

    [Fact]
    public async Task What_another_part_has_or_a_deleted_one_is_an_error_of_the_row()
    {
        using var other = await catalog.Client.PostAsJsonAsync("/api/v1/products", Catalog.Part("TAKEN", ("gtin", "5901234123457")), Cancellation);
        other.EnsureSuccessStatusCode();
        Assert.Equal((1, 0, 0, 0), Counts(await UpsertAsync([Row("GONE", 1)])));
        await using (var context = catalog.Context())
            await context.Products.Where(p => p.ExternalId == "GONE-1").ExecuteUpdateAsync(set => set.SetProperty(p => p.DeletedAt, DateTimeOffset.UtcNow), Cancellation);
        var result = await UpsertAsync([Row("FREE", 0), Row("FREE", 1, ("sku", "TAKEN")), Row("FREE", 2, ("gtin", "5901234123457")), Row("GONE", 1)], "reject-rows");
        Assert.Equal((1, 0, 0, 3), Counts(result));
        Assert.Equal([(1, "sku"), (2, "gtin"), (3, "externalId")], Errors(result));
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("[{\"sku\":", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.OK)]
    [InlineData("[null]", HttpStatusCode.UnprocessableEntity)]
    [InlineData("[1]", HttpStatusCode.UnprocessableEntity)]
    public async Task The_body_is_an_array(string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await catalog.Client.PostAsync("/api/v1/products/bulk", content, Cancellation);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Too_many_rows_are_refused_whole()
    {
        using var response = await PostAsync([.. Enumerable.Range(0, 10_001).Select(i => Row("MANY", i))], "reject-rows");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(await VersionsAsync("MANY"));
    }

    [Fact]
    public async Task Only_an_administrator_may_and_the_policy_must_be_known()
    {
        using var user = catalog.SignedIn("USER");
        using var forbidden = await user.PostAsJsonAsync("/api/v1/products/bulk", new[] { Row("USER", 0) }, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        using var unknown = await PostAsync([Row("USER", 0)], "whatever");
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        using var text = new StringContent("[]", Encoding.UTF8, "text/plain");
        using var unsupported = await catalog.Client.PostAsync("/api/v1/products/bulk", text, Cancellation);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, unsupported.StatusCode);
    }

    [Fact]
    public async Task Killed_in_the_middle_and_repeated_with_its_key_it_has_one_effect()
    {
        var rows = Enumerable.Range(0, 5_000).Select(i => Row("KILL", i)).ToArray();
        await using var context = catalog.Context();
        var audit = await AuditAsync();
        var first = PostAsync(rows, "reject-all", "kill");
        // Its backend is terminated as soon as it writes parts.
        var deadline = DateTime.UtcNow.AddSeconds(30);
        var killed = 0;
        while (killed == 0 && !first.IsCompleted && DateTime.UtcNow < deadline)
        {
            killed = await context.Database.SqlQuery<int>($"""
                SELECT count(pg_terminate_backend(pid))::int AS "Value" FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE 'INSERT INTO catalog.products%'
                """).SingleAsync(Cancellation);
        }
        Assert.Equal(1, killed);
        using var answered = await first; // the service tries again by itself, or says that it could not
        using var repeated = await PostAsync(rows, "reject-all", "kill");
        Assert.Equal(HttpStatusCode.OK, repeated.StatusCode);
        Assert.Equal((5_000, 0, 0, 0), Counts(await repeated.Content.ReadFromJsonAsync<JsonElement>(Cancellation)));
        Assert.Equal(5_000, (await VersionsAsync("KILL")).Count);
        Assert.Equal(audit + 5_000, await AuditAsync());
    }

    private static Dictionary<string, object?> Row(string name, int number, params (string, object?)[] differences) => Catalog.Part($"{name}-{number}", [("externalId", $"{name}-{number}"), .. differences]);

    private static (int Created, int Updated, int Unchanged, int Refused) Counts(JsonElement result) =>
        (result.GetProperty("created").GetInt32(), result.GetProperty("updated").GetInt32(), result.GetProperty("unchanged").GetInt32(), result.GetProperty("refused").GetInt32());

    private static (int, string?)[] Errors(JsonElement result) => [.. result.GetProperty("errors").EnumerateArray().Select(e => (e.GetProperty("index").GetInt32(), e.GetProperty("field").GetString()))];

    private async Task<JsonElement> UpsertAsync(IReadOnlyList<object> rows, string policy = "reject-all")
    {
        using var response = await PostAsync(rows, policy);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancellation));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private async Task<HttpResponseMessage> PostAsync(IReadOnlyList<object> rows, string policy, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/products/bulk?onError={policy}") { Content = JsonContent.Create(rows) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await catalog.Client.SendAsync(request, Cancellation);
    }

    private async Task<Dictionary<string, uint>> VersionsAsync(string name)
    {
        await using var context = catalog.Context();
        return await context.Products.Where(p => p.ExternalId!.StartsWith(name + "-")).ToDictionaryAsync(p => p.ExternalId!, p => p.Version, Cancellation);
    }

    private async Task<int> AuditAsync()
    {
        await using var context = catalog.Context();
        return await context.AuditEntries.CountAsync(e => e.TableName == "products", Cancellation);
    }
}
