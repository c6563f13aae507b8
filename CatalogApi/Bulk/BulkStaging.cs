using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Shabou.CatalogApi.Audit;
using Shabou.CatalogApi.Products;
using Shabou.CatalogApi.Transactions;
using Shabou.Schema;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Bulk;

/// <summary>What the database says about a staged row.</summary>
/// <param name="Place">Its place among the staged rows.</param>
/// <param name="Id">The part that has its external id already; null when none has.</param>
/// <param name="Same">That part is as the row says.</param>
/// <param name="Refusal">The member that stands against it.</param>
internal sealed record BulkMatch(int Place, Guid? Id, bool Same, string? Refusal)
{
    public bool IsNew => Id is null;
}

/// <summary>The temporary tables of one bulk upsert; they are gone with its transaction.</summary>
internal sealed class BulkStaging(ShabouContext context)
{
    // The second lock is the one that the triggers of prices take, taken here before any row. Without statistics of a table made a moment ago the planner would rather read all parts than look some up;
    // what it is told to avoid it thinks so dear that it would compile the statements, which takes longer than running them.
    private static readonly string Create = $"""
        SELECT pg_advisory_xact_lock({(long)CatalogLock.Bulk}), pg_advisory_xact_lock_shared({(long)CatalogLock.Prices});
        SET LOCAL enable_seqscan = off;
        SET LOCAL jit = off;
        CREATE TEMPORARY TABLE bulk_products (
            place integer PRIMARY KEY, new_id uuid, external_id text, sku text, gtin text, name_fr text, name_ar text, name_en text, oe_number text, brand_id uuid, category_id uuid,
            price numeric, base_quantity numeric, vat_rate numeric, search text, id uuid, same boolean, refusal text) ON COMMIT DROP;
        CREATE TEMPORARY TABLE bulk_numbers (place integer, kind text, maker text, number text, normalised text, PRIMARY KEY (place, kind, normalised, maker)) ON COMMIT DROP;
        """;

    private const string Match = """
        WITH numbers AS (
            SELECT place, string_agg(concat_ws(chr(31), kind, maker, number), chr(30) ORDER BY kind COLLATE "C", normalised COLLATE "C", maker COLLATE "C") AS all_numbers FROM bulk_numbers GROUP BY place),
        matches AS (
            SELECT b.place, p.id,
                CASE WHEN p.deleted_at IS NOT NULL THEN 'externalId'
                     WHEN EXISTS (SELECT FROM catalog.products o WHERE o.sku = b.sku AND o.id IS DISTINCT FROM p.id) THEN 'sku'
                     WHEN EXISTS (SELECT FROM catalog.products o WHERE o.brand_id = b.brand_id AND o.gtin = b.gtin AND o.id IS DISTINCT FROM p.id) THEN 'gtin' END AS refusal,
                p.id IS NOT NULL
                    AND (p.sku, p.gtin, p.name_fr, p.name_ar, p.name_en, p.oe_number, p.brand_id, p.category_id, p.price_amount, p.base_quantity, p.vat_rate)
                        IS NOT DISTINCT FROM (b.sku, b.gtin, b.name_fr, b.name_ar, b.name_en, b.oe_number, b.brand_id, b.category_id, b.price, b.base_quantity, b.vat_rate)
                    AND catalog.effective_price(p.id, p.price_amount, p.price_set_after) = b.price
                    AND (SELECT string_agg(concat_ws(chr(31), r.kind, r.maker, r.number), chr(30) ORDER BY r.kind COLLATE "C", r.normalised COLLATE "C", r.maker COLLATE "C")
                         FROM catalog.reference_numbers r WHERE r.product_id = p.id) IS NOT DISTINCT FROM n.all_numbers AS same
            FROM bulk_products b LEFT JOIN catalog.products p ON p.external_id = b.external_id LEFT JOIN numbers n ON n.place = b.place)
        UPDATE bulk_products b SET id = m.id, same = m.same, refusal = m.refusal FROM matches m WHERE m.place = b.place RETURNING b.place, b.id, b.same, b.refusal
        """;

    private NpgsqlConnection Connection => (NpgsqlConnection)context.Database.GetDbConnection();

    public async Task FillAsync(IReadOnlyList<BulkRow> rows, BulkReferences references, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await context.Database.ExecuteSqlRawAsync(Create, cancellationToken);
        await using (var parts = await Connection.BeginBinaryImportAsync(
            "COPY bulk_products (place, new_id, external_id, sku, gtin, name_fr, name_ar, name_en, oe_number, brand_id, category_id, price, base_quantity, vat_rate, search) FROM STDIN (FORMAT binary)", cancellationToken))
        {
            foreach (var (place, row) in rows.Index())
            {
                var write = row.Write;
                await parts.StartRowAsync(cancellationToken);
                await parts.WriteAsync(place, NpgsqlDbType.Integer, cancellationToken);
                await parts.WriteAsync(Guid.CreateVersion7(now), NpgsqlDbType.Uuid, cancellationToken);
                foreach (var text in (string?[])[write.ExternalId, write.Sku, write.Gtin, write.Names.Fr, write.Names.Ar, write.Names.En, write.OeNumber]) await WriteAsync(parts, text, cancellationToken);
                await parts.WriteAsync(references.Brands[write.Brand], NpgsqlDbType.Uuid, cancellationToken);
                await parts.WriteAsync(references.Categories[write.Category], NpgsqlDbType.Uuid, cancellationToken);
                await parts.WriteAsync(write.PriceExclTax, NpgsqlDbType.Numeric, cancellationToken);
                await parts.WriteAsync(decimal.Round(write.BaseQuantity, 3), NpgsqlDbType.Numeric, cancellationToken); // as the column would
                await parts.WriteAsync((decimal)write.VatRate, NpgsqlDbType.Numeric, cancellationToken);
                await parts.WriteAsync(WriteProduct.SearchOf(write), NpgsqlDbType.Text, cancellationToken);
            }
            await parts.CompleteAsync(cancellationToken);
        }

        await using var numbers = await Connection.BeginBinaryImportAsync("COPY bulk_numbers (place, kind, maker, number, normalised) FROM STDIN (FORMAT binary)", cancellationToken);
        foreach (var (place, row) in rows.Index())
        {
            foreach (var number in WriteProduct.NumbersOf(row.Write))
            {
                await numbers.StartRowAsync(cancellationToken);
                await numbers.WriteAsync(place, NpgsqlDbType.Integer, cancellationToken);
                foreach (var text in (string[])[number.Kind.ToString(), number.Maker, number.Number, number.Normalised]) await WriteAsync(numbers, text, cancellationToken);
            }
        }
        await numbers.CompleteAsync(cancellationToken);
    }

    /// <summary>Finds for every row the part that has its external id, whether it differs, and what stands against the row.</summary>
    public Task<List<BulkMatch>> MatchAsync(CancellationToken cancellationToken) => context.QueryAsync(Match, [], async (rows, cancellation) =>
    {
        var matches = new List<BulkMatch>();
        while (await rows.ReadAsync(cancellation))
            matches.Add(new(rows.GetInt32(0), rows.IsDBNull(1) ? null : rows.GetGuid(1), rows.GetBoolean(2), rows.IsDBNull(3) ? null : rows.GetString(3)));
        return matches;
    }, cancellationToken);

    /// <summary>Inserts what is new and replaces what differs, numbers included.</summary>
    public Task<int> WriteAsync(int newestPriceList, DateTimeOffset now, string actor, CancellationToken cancellationToken) => context.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO catalog.products (id, external_id, sku, gtin, name_fr, name_ar, name_en, oe_number, brand_id, category_id, price_amount, price_currency, price_set_after,
            base_quantity, vat_rate, search, created_at, updated_at, changed_by, changed_trace)
        SELECT new_id, external_id, sku, gtin, name_fr, name_ar, name_en, oe_number, brand_id, category_id, price, {Money.Dinar}, {newestPriceList},
            base_quantity, vat_rate, search, {now}, {now}, {actor}, {AuditActor.Trace}
        FROM bulk_products WHERE id IS NULL AND refusal IS NULL ORDER BY place;

        UPDATE catalog.products p SET sku = b.sku, gtin = b.gtin, name_fr = b.name_fr, name_ar = b.name_ar, name_en = b.name_en, oe_number = b.oe_number, brand_id = b.brand_id,
            category_id = b.category_id, price_amount = b.price, price_set_after = {newestPriceList}, base_quantity = b.base_quantity, vat_rate = b.vat_rate, search = b.search,
            updated_at = {now}, changed_by = {actor}, changed_trace = {AuditActor.Trace}
        FROM bulk_products b WHERE p.id = b.id AND b.refusal IS NULL AND NOT b.same;

        DELETE FROM catalog.reference_numbers r USING bulk_products b WHERE r.product_id = b.id AND b.refusal IS NULL AND NOT b.same
            AND NOT EXISTS (SELECT FROM bulk_numbers n WHERE n.place = b.place AND (n.kind, n.normalised, n.maker, n.number) = (r.kind, r.normalised, r.maker, r.number));

        INSERT INTO catalog.reference_numbers (product_id, kind, maker, number, normalised)
        SELECT coalesce(b.id, b.new_id), n.kind, n.maker, n.number, n.normalised FROM bulk_products b JOIN bulk_numbers n ON n.place = b.place
        WHERE b.refusal IS NULL AND NOT b.same ORDER BY b.place ON CONFLICT DO NOTHING;
        """, cancellationToken);

    private static Task WriteAsync(NpgsqlBinaryImporter row, string? text, CancellationToken cancellationToken) =>
        text is null ? row.WriteNullAsync(cancellationToken) : row.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);
}
