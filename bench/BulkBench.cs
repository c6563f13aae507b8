using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using Shabou.CatalogApi.Products;
using Shabou.Testing;

namespace Shabou.Bench;

/// <summary>10,000 parts in one request, through the service: new, changed in price, and unchanged.</summary>
internal static class BulkBench
{
    private const int Rows = 10_000;

    /// <param name="database">Migrated; at least one brand and one category are added when it has none. The parts stay in it.</param>
    public static async Task RunAsync(string database, string redis)
    {
        var (brands, categories) = await SlugsAsync(database);
        await using var host = new ServiceHost<ProductView>(database, ("ConnectionStrings:redis", redis));
        using var client = host.SignedIn();
        (await client.GetAsync(new Uri("/api/v1/brands", UriKind.Relative))).EnsureSuccessStatusCode();
        var run = Guid.NewGuid().ToString("N")[..8];
        Console.WriteLine($"\nbulk upsert, {Rows:N0} parts                    seconds   goal");
        await MeasureAsync("new", 0, "<= 5");
        await MeasureAsync("each with another price", 1, "");
        await MeasureAsync("unchanged", 1, "");

        async Task MeasureAsync(string what, int price, string goal)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(0, Rows).Select(i => new
            {
                sku = $"BENCH-{run}-{i}", externalId = $"BENCH-{run}-{i}", names = new { fr = $"Plaquettes de frein avant n° {i}", ar = $"فحمات فرامل أمامية {i}", en = $"Front brake pads {i}" },
                brand = brands[i % brands.Length], category = categories[i % categories.Length], priceExclTax = 10 + i % 500 + price, vatRate = 19, oeNumber = $"7701 {i:D6}",
                oeNumbers = new[] { new { number = $"8200 {i:D6}", maker = "Renault" }, new { number = $"6001 {i:D6}", maker = "Dacia" } },
                crossReferences = new[] { new { number = $"GDB {i:D5}", maker = "TRW" } },
            }), JsonSerializerOptions.Web);
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");
            var clock = Stopwatch.StartNew();
            using var response = await client.PostAsync(new Uri("/api/v1/products/bulk", UriKind.Relative), content);
            var result = await response.Content.ReadAsStringAsync();
            Console.WriteLine($"{what,-25} {body.Length / 1e6,5:F1} MB         {clock.Elapsed.TotalSeconds,7:F2}   {goal,-6} {result}");
            response.EnsureSuccessStatusCode();
        }
    }

    private static async Task<(string[] Brands, string[] Categories)> SlugsAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var slugs = new NpgsqlCommand("""
            INSERT INTO catalog.brands (id, name, search, slug) SELECT gen_random_uuid(), 'Bench', 'bench', 'bench' WHERE NOT EXISTS (SELECT FROM catalog.brands);
            INSERT INTO catalog.categories (id, name_fr, name_ar, slug, path) SELECT gen_random_uuid(), 'Bench', 'Bench', 'bench', 'bench/' WHERE NOT EXISTS (SELECT FROM catalog.categories);
            SELECT ARRAY(SELECT slug FROM catalog.brands LIMIT 50), ARRAY(SELECT slug FROM catalog.categories LIMIT 50)
            """, connection);
        await using var rows = await slugs.ExecuteReaderAsync();
        await rows.ReadAsync();
        return (await rows.GetFieldValueAsync<string[]>(0), await rows.GetFieldValueAsync<string[]>(1));
    }
}
