using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Shabou.Migrator.Demo;
using Shabou.Schema.Catalog;

namespace Shabou.Bench;

/// <summary>A large catalog, the same on every machine: parts with three OE numbers and five fitments each, a fifth of them in stock.</summary>
/// <param name="parts">1,000,000 unless a trial wants fewer.</param>
internal sealed class CatalogData(int parts)
{
    public const int Vehicles = 20_000;
    private const int Batch = 50_000;
    private const int NumbersPerPart = 3;
    private const int FitmentsPerPart = 5;
    private static readonly DateTime s_start = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly DemoCatalog _demo = new(1, s_start);

    /// <summary>Id of the part at a place, 0 .. parts - 1; ids ascend.</summary>
    public static Guid PartId(int i) => Id(1, i);
    public static Guid VehicleId(int i) => Id(2, i);
    public static string Sku(int i) => string.Create(CultureInfo.InvariantCulture, $"{Kind(i).Code}-{i:D7}");
    public static string OeNumber(int i, int n) => string.Create(CultureInfo.InvariantCulture, $"{Mix(i, n) % 100:D2}{(char)('A' + Mix(i, n + 10) % 26)} {Mix(i, n + 20) % 1000:D3} {Mix(i, n + 30) % 1000:D3} {(char)('A' + Mix(i, n + 40) % 26)}");
    public static string NameFr(int i) => $"{Kind(i).Fr} {Model(i).Make} {Model(i).Model} {Series(Mix(i, 50) % 20_000)}";

    public int Parts => parts;

    public async Task WriteAsync(string database, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        // Nobody changed these parts: an audit of their making would only cost time.
        await RunAsync(connection, "ALTER TABLE catalog.products DISABLE TRIGGER audit_created; SET synchronous_commit = off", cancellationToken);
        await WriteReferencesAsync(connection, cancellationToken);
        for (var from = 0; from < parts; from += Batch)
        {
            var to = Math.Min(from + Batch, parts);
            await WritePartsAsync(connection, from, to, cancellationToken);
            await WriteNumbersAsync(connection, from, to, cancellationToken);
            await WriteFitmentsAsync(connection, from, to, cancellationToken);
            await WriteStockAsync(connection, from, to, cancellationToken);
        }
        await RunAsync(connection, "ALTER TABLE catalog.products ENABLE TRIGGER audit_created", cancellationToken);
        await RunAsync(connection, "VACUUM ANALYZE", cancellationToken);
    }

    private async Task WriteReferencesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var rows = await connection.BeginBinaryImportAsync("COPY catalog.brands (id, name, search, slug) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            foreach (var brand in _demo.Brands) await rows.WriteRowAsync(cancellationToken, brand.Id, brand.Name, brand.Search, brand.Slug);
            await rows.CompleteAsync(cancellationToken);
        }
        await using (var rows = await connection.BeginBinaryImportAsync("COPY catalog.categories (id, parent_id, name_fr, name_ar, name_en, slug, path) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            foreach (var c in _demo.Categories) await rows.WriteRowAsync(cancellationToken, c.Id, c.ParentId, c.NameFr, c.NameAr, c.NameEn, c.Slug, c.Path);
            await rows.CompleteAsync(cancellationToken);
        }
        await using (var rows = await connection.BeginBinaryImportAsync("COPY catalog.warehouses (id, slug, name) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            await rows.WriteRowAsync(cancellationToken, Id(3, 0), "tunis", "Tunis");
            await rows.CompleteAsync(cancellationToken);
        }
        await using (var rows = await connection.BeginBinaryImportAsync(
            "COPY catalog.vehicles (id, ktype, make, model, variant, engine, fuel, year_from, year_to, vin_prefix) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            for (var i = 0; i < Vehicles; i++)
            {
                var model = DemoFiles.Vehicles[i % DemoFiles.Vehicles.Count];
                var year = 1990 + i / DemoFiles.Vehicles.Count % 35;
                await rows.WriteRowAsync(cancellationToken, VehicleId(i), 10_000 + i, model.Make, model.Model, string.Create(CultureInfo.InvariantCulture, $"Type {i:D5}"),
                    string.Create(CultureInfo.InvariantCulture, $"E{i % 997:D3}"), "Diesel", year, year + 6, Vin(i));
            }
            await rows.CompleteAsync(cancellationToken);
        }
    }

    private async Task WritePartsAsync(NpgsqlConnection connection, int from, int to, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginBinaryImportAsync("""
            COPY catalog.products (id, sku, external_id, gtin, name_fr, name_ar, name_en, oe_number, brand_id, category_id, price_amount, price_currency, vat_rate, search, created_at, updated_at)
            FROM STDIN (FORMAT BINARY)
            """, cancellationToken);
        var brands = _demo.Brands.ToDictionary(b => b.Name, b => b.Id);
        var categories = _demo.Categories.ToDictionary(c => c.Slug, c => c.Id);
        for (var i = from; i < to; i++)
        {
            var (kind, model) = (Kind(i), Model(i));
            string fr = NameFr(i), ar = $"{kind.Ar} {model.Ar}", en = $"{kind.En} {model.Make} {model.Model}";
            var numbers = Enumerable.Range(0, NumbersPerPart).Select(n => OeNumber(i, n)).ToArray();
            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync(PartId(i), NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(Sku(i), cancellationToken);
            await rows.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"ERP-{i:D8}"), cancellationToken);
            await rows.WriteAsync(GtinOf(i), cancellationToken);
            await rows.WriteAsync(fr, cancellationToken);
            await rows.WriteAsync(ar, cancellationToken);
            await rows.WriteAsync(en, cancellationToken);
            await rows.WriteAsync(numbers[0], cancellationToken);
            await rows.WriteAsync(brands[kind.Brands[Mix(i, 60) % kind.Brands.Count]], NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(categories[kind.Category], NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(decimal.Round(kind.Price * model.Factor * (0.5m + Mix(i, 70) % 1000 / 1000m), 3), NpgsqlDbType.Numeric, cancellationToken);
            await rows.WriteAsync("TND", cancellationToken);
            await rows.WriteAsync(kind.Vat, NpgsqlDbType.Numeric, cancellationToken);
            await rows.WriteAsync(SearchText.OfPart([fr, ar, en], [Sku(i), .. numbers]), cancellationToken);
            await rows.WriteAsync(s_start.AddSeconds(i), NpgsqlDbType.TimestampTz, cancellationToken);
            await rows.WriteAsync(s_start.AddSeconds(i), NpgsqlDbType.TimestampTz, cancellationToken);
        }
        await rows.CompleteAsync(cancellationToken);
    }

    private static async Task WriteNumbersAsync(NpgsqlConnection connection, int from, int to, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginBinaryImportAsync("COPY catalog.reference_numbers (product_id, kind, maker, number, normalised) FROM STDIN (FORMAT BINARY)", cancellationToken);
        for (var i = from; i < to; i++)
        {
            for (var n = 0; n < NumbersPerPart; n++)
            {
                var number = OeNumber(i, n);
                // The maker carries n, so that two equal numbers of one part are two rows.
                await rows.WriteRowAsync(cancellationToken, PartId(i), "Oe", string.Create(CultureInfo.InvariantCulture, $"{Model(i).Make} {n}"), number, OeNumbers.Normalise(number));
            }
        }
        await rows.CompleteAsync(cancellationToken);
    }

    private static async Task WriteFitmentsAsync(NpgsqlConnection connection, int from, int to, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginBinaryImportAsync("COPY catalog.fitments (product_id, vehicle_id) FROM STDIN (FORMAT BINARY)", cancellationToken);
        for (var i = from; i < to; i++)
            for (var n = 0; n < FitmentsPerPart; n++)
                await rows.WriteRowAsync(cancellationToken, PartId(i), VehicleId((Mix(i, 80) + n * DemoFiles.Vehicles.Count) % Vehicles)); // types of one model
        await rows.CompleteAsync(cancellationToken);
    }

    private static async Task WriteStockAsync(NpgsqlConnection connection, int from, int to, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginBinaryImportAsync("COPY catalog.stock_levels (product_id, warehouse_id, on_hand, reserved) FROM STDIN (FORMAT BINARY)", cancellationToken);
        for (var i = from; i < to; i++)
            if (i % 5 == 0) await rows.WriteRowAsync(cancellationToken, PartId(i), Id(3, 0), 1 + Mix(i, 90) % 20, 0);
        await rows.CompleteAsync(cancellationToken);
    }

    private static DemoPartKind Kind(int i) => DemoFiles.PartKinds[Mix(i, 1) % DemoFiles.PartKinds.Count];

    private static DemoVehicle Model(int i) => DemoFiles.Vehicles[Mix(i, 80) % Vehicles % DemoFiles.Vehicles.Count];

    /// <summary>A word that sounds like a model's name: 20,000 different ones make a vocabulary like a real catalog's.</summary>
    private static string Series(int n)
    {
        string[] begin = ["Al", "Ber", "Car", "Del", "Eli", "Fio", "Gal", "Har", "Ita", "Jum", "Kan", "Lag", "Meg", "Nor", "Ori", "Pol", "Qua", "Ran", "Sam", "Tal"];
        string[] middle = ["ba", "ce", "di", "fo", "gu", "ha", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "xi", "yo", "za", "bre"];
        string[] end = ["lin", "mar", "nos", "pex", "ral", "sto", "tin", "vor", "zal", "kor", "dan", "fel", "gor", "hus", "jin", "lex", "mio", "nel", "pra", "ros",
            "sil", "ton", "var", "wen", "yat", "bel", "cor", "dis", "fan", "gil", "hen", "jor", "kal", "lum", "mon", "nar", "pin", "rod", "san", "tek", "ula", "vin", "wal", "yon", "zet", "ban", "cal", "dor", "fir", "gan"];
        return begin[n % 20] + middle[n / 20 % 20] + end[n / 400 % 50];
    }

    private static string Vin(int i)
    {
        const string alphabet = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
        return $"VF{alphabet[i % 33]}{alphabet[i / 33 % 33]}{alphabet[i / 1089 % 33]}";
    }

    private static string GtinOf(int i)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"619{i:D9}"); // 619: numbers of Tunisia
        var sum = digits.Select((d, place) => (d - '0') * (place % 2 == 0 ? 1 : 3)).Sum();
        return digits + (char)('0' + (10 - sum % 10) % 10);
    }

    private static Guid Id(int kind, int i) => new(i, (short)kind, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>A well-spread number for a part and a purpose (the finaliser of MurmurHash3).</summary>
    private static int Mix(int i, int purpose)
    {
        var x = unchecked((uint)i * 2654435761u + (uint)purpose * 40503u);
        x = unchecked((x ^ (x >> 16)) * 0x85ebca6bu);
        x = unchecked((x ^ (x >> 13)) * 0xc2b2ae35u);
        return (int)((x ^ (x >> 16)) & 0x7fffffff);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
