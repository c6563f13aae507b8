using System.Text.Json;
using Npgsql;

namespace Shabou.Bench;

/// <summary>What the catalog's page is compared with: the least that a good programmer would write by hand. No authentication, no telemetry,
/// no cache; one statement by Npgsql, its rows written by Utf8JsonWriter. With <c>prepared=true</c> the statement is planned once per connection.</summary>
internal static class Baseline
{
    public static async Task RunAsync(string connectionString, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        await using var source = NpgsqlDataSource.Create(connectionString);
        app.MapGet("/products", async (Guid? after, int size, bool? prepared, HttpContext http) =>
        {
            await using var database = await source.OpenConnectionAsync(http.RequestAborted);
            await using var command = database.CreateCommand();
            command.CommandText = """
                SELECT p.id, p.sku, p.external_id, p.name_fr, p.name_ar, p.name_en, p.oe_number, p.gtin, b.slug, b.name, c.slug, c.name_fr, c.name_ar, c.name_en,
                    p.price_amount, p.price_currency, p.vat_rate, p.updated_at
                FROM (SELECT * FROM catalog.products WHERE id > $1 AND deleted_at IS NULL ORDER BY id LIMIT $2) p
                JOIN catalog.brands b ON b.id = p.brand_id JOIN catalog.categories c ON c.id = p.category_id ORDER BY p.id
                """;
            command.Parameters.Add(new() { Value = after ?? Guid.Empty });
            command.Parameters.Add(new() { Value = size + 1 });
            if (prepared is true) await command.PrepareAsync(http.RequestAborted);
            await using var rows = await command.ExecuteReaderAsync(http.RequestAborted);
            http.Response.ContentType = "application/json";
            await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
            json.WriteStartObject();
            json.WriteStartArray("items");
            Guid last = default;
            var count = 0;
            while (await rows.ReadAsync(http.RequestAborted) && count++ < size)
            {
                last = rows.GetGuid(0);
                var (amount, rate) = (rows.GetDecimal(14), rows.GetDecimal(16));
                json.WriteStartObject();
                json.WriteString("id", last);
                json.WriteString("sku", rows.GetString(1));
                json.WriteString("externalId", Text(rows, 2));
                json.WriteString("name", rows.GetString(3));
                Names(json, rows, 3);
                json.WriteString("oeNumber", Text(rows, 6));
                json.WriteString("gtin", Text(rows, 7));
                json.WriteStartObject("brand");
                json.WriteString("slug", rows.GetString(8));
                json.WriteString("name", rows.GetString(9));
                json.WriteEndObject();
                json.WriteStartObject("category");
                json.WriteString("slug", rows.GetString(10));
                Names(json, rows, 11);
                json.WriteEndObject();
                json.WriteNumber("priceExclTax", amount);
                json.WriteNumber("priceInclTax", decimal.Round(amount * (100 + rate) / 100, 3, MidpointRounding.AwayFromZero));
                json.WriteString("currency", rows.GetString(15));
                json.WriteNumber("vatRate", rate);
                json.WriteString("updatedAt", rows.GetDateTime(17));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("next", last);
            json.WriteEndObject();
        });
        await app.RunAsync();
    }

    private static void Names(Utf8JsonWriter json, NpgsqlDataReader rows, int first)
    {
        json.WriteStartObject("names");
        json.WriteString("fr", rows.GetString(first));
        json.WriteString("ar", rows.GetString(first + 1));
        json.WriteString("en", Text(rows, first + 2));
        json.WriteEndObject();
    }

    private static string? Text(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}
