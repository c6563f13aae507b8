using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Shabou.Schema.Constraints;

/// <summary>What must hold in a row whoever writes it, beyond what the configuration of its table says: counts and amounts that cannot be negative, codes of a
/// known form, places on the globe. The services keep all of it; the database refuses it to whoever forgets.</summary>
internal static class Invariants
{
    // 3 and 1 in turn from the right, check digit included, make a multiple of ten.
    private const string CheckDigit =
        "gtin !~ '^[0-9]{8,14}$' OR (3 * (" + "substr(lpad(gtin, 14, '0'), 1, 1)::int + substr(lpad(gtin, 14, '0'), 3, 1)::int + substr(lpad(gtin, 14, '0'), 5, 1)::int + substr(lpad(gtin, 14, '0'), 7, 1)::int"
        + " + substr(lpad(gtin, 14, '0'), 9, 1)::int + substr(lpad(gtin, 14, '0'), 11, 1)::int + substr(lpad(gtin, 14, '0'), 13, 1)::int)"
        + " + substr(lpad(gtin, 14, '0'), 2, 1)::int + substr(lpad(gtin, 14, '0'), 4, 1)::int + substr(lpad(gtin, 14, '0'), 6, 1)::int + substr(lpad(gtin, 14, '0'), 8, 1)::int"
        + " + substr(lpad(gtin, 14, '0'), 10, 1)::int + substr(lpad(gtin, 14, '0'), 12, 1)::int + substr(lpad(gtin, 14, '0'), 14, 1)::int) % 10 = 0";

    private static readonly (string Table, string Name, string Holds)[] All =
    [
        ("price_changes", "amount", "amount >= 0 AND set_after >= 0"),
        ("price_list_errors", "line", "line >= 0"),
        ("price_list_rows", "line", "line >= 0"),
        ("price_lists", "rows", "rows_read >= 0 AND rows_applied >= 0 AND rows_refused >= 0"),
        ("products", "check_digit", CheckDigit),
        ("products", "currency", "price_currency ~ '^[A-Z]{3}$'"),
        ("products", "price_set_after", "price_set_after >= 0"),
        ("stock_reservations", "ended", "(state = 'Held') = (ended_at IS NULL)"),
        ("vehicles", "ktype", "ktype > 0"),
        ("accuracy", "counts", "position >= 0 AND series_count >= 0"),
        ("model_versions", "quantile_levels", "0 < ALL (quantile_levels) AND 1 > ALL (quantile_levels)"),
        ("jobs", "attempts", "attempt >= 0 AND max_attempts >= 1 AND redrives >= 0"),
        ("finished_jobs", "attempts", "attempt >= 0 AND max_attempts >= 1 AND redrives >= 0"),
        ("finished_jobs", "priority", "priority BETWEEN 1 AND 4"),
        ("minutes", "counts", "succeeded >= 0 AND failed >= 0"),
        ("alerts", "attempts", "attempts >= 0"),
        ("idempotent_requests", "status", "status = 0 OR status BETWEEN 100 AND 599"), // 0: the request runs
        ("idempotent_requests", "hashes", "octet_length(key_hash) = 32 AND octet_length(request_hash) = 32"),
        ("lead_exports", "leads", "leads >= 0"),
        ("budget_reservations", "month", "month_key = day_key - (extract(day FROM day_key)::int - 1)"),
        ("budget_reservations", "expires", "expires_at >= reserved_at"),
        ("budget_switch", "revisions", "revision >= 0 AND ledger_version >= 0"),
        ("campaign_runs", "progress", "search >= 0 AND page >= 0 AND searches >= 0"),
        ("campaigns", "searches", "searches >= 0"),
        ("google_content", "place", "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180 AND rating BETWEEN 0 AND 5"),
        ("leads", "versions", "revision >= 0 AND score_version >= 0"),
    ];

    public static void Apply(IMutableModel model)
    {
        foreach (var (table, name, holds) in All)
            model.GetEntityTypes().Single(e => e.GetTableName() == table && e.GetViewName() is null).AddCheckConstraint($"ck_{table}_{name}", holds);
    }
}
