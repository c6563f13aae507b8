using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Shabou.Schema.Tests.Constraints;

/// <summary>One invariant: values of a column that break it and values that keep it, as PostgreSQL reads them.</summary>
/// <param name="Table">With its schema.</param>
/// <param name="Column">Set to the value.</param>
/// <param name="Bad">Refused, with SQLSTATE 23514 unless said otherwise.</param>
/// <param name="Good">Accepted.</param>
/// <param name="SqlState">Of the refusal.</param>
public sealed record Rule(string Table, string Column, Gen<string?> Bad, Gen<string?> Good, string SqlState = "23514")
{
    /// <summary>Every invariant of a single column, and what other tables' rows it must agree with.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. Counts("catalog.products", "price_amount", "base_quantity", "price_set_after"),
        new("catalog.categories", "path", Names("x/", "", "freinage"), Names("freinage/", "a/freinage/")), new("catalog.reference_numbers", "normalised", Names(""), Names("X9")), .. Counts("forecast.model_artifacts", "size"),
        .. Counts("catalog.price_changes", "amount", "set_after"), .. Counts("catalog.prices", "amount"), .. Counts("catalog.price_lists", "rows_read", "rows_applied", "rows_refused"),
        new("catalog.price_list_rows", "line", Negative, Integers(3, 99)), new("catalog.price_list_errors", "line", Negative, Integers(0, 99)),
        new("catalog.products", "vat_rate", Integers(20, 99), Names("7", "13", "19")), new("catalog.products", "price_currency", Names("tnd", "T1D", "EU", "€€€", ""), Names("TND", "EUR", "USD")),
         new("catalog.products", "gtin", WrongGtin, RightGtin), new("catalog.products", "sku", Names(""), Names("A", "SKU 99", "é")), new("catalog.products", "brand_id", Ids, Names("00000000-0000-7000-8000-000000000011"), "23503"),
         new("catalog.products", "replaced_by_id", Ids, Names((string?)null), "23503"), new("catalog.products", "name_fr", Names((string?)null), Names("Disque"), "23502"), new("catalog.products", "sku", Names(new string('x', 65)), Names(new string('x', 64)), "22001"),
        new("catalog.stock_levels", "reserved", Integers(11, 10_000).Or(Negative), Integers(0, 10)), new("catalog.stock_levels", "on_hand", Negative.Or(Integers(0, 1)), Integers(2, 100_000)),
         new("catalog.stock_reservations", "quantity", Integers(-9, 0), Integers(1, 9)), new("catalog.stock_reservations", "state", Names("Released", "Expired", "Fulfilled", "held", ""), Names("Held")),
         new("catalog.stock_reservations", "ended_at", Names("2026-11-20", "2027-01-01"), Names((string?)null)),
        new("catalog.vehicles", "ktype", Integers(-9, 0), Integers(1, 200_000)), new("catalog.vehicles", "year_from", Integers(2101, 9999).Or(Integers(0, 1885)).Or(Integers(2020, 2100)), Integers(1886, 2019)), new("catalog.vehicles", "year_to", Integers(0, 2011).Or(Integers(2101, 9999)), Integers(2012, 2100)),
        new("catalog.reference_numbers", "kind", NoName, Names("Oe", "Trade")), new("catalog.price_lists", "on_error", NoName, Names("RejectAll", "RejectRows", "Ignore")), new("catalog.price_lists", "state", NoName.Or(Names("Uploaded", "Checked")), Names("Applied", "RolledBack")),
        new("forecast.accuracy", "demand_class", Names("smooth", "Other", ""), Names("All", "Smooth", "Lumpy")), new("forecast.accuracy", "frequency", Names("X", "m", ""), Names("M", "O")), new("forecast.accuracy", "from_step", Integers(-9, 0), Integers(1, 1)), new("forecast.accuracy", "to_step", Integers(-9, 0), Integers(1000, 2000)),
        new("forecast.forecasts", "demand_class", Names("All", "smooth", ""), Names("Smooth", "Lumpy")), new("forecast.forecasts", "frequency", Names("X", "m", ""), Names("M", "O")), new("forecast.forecasts", "abc_class", Names("D", "a", ""), Names("A", "C", null)), new("forecast.forecasts", "xyz_class", Names("W", "x", ""), Names("X", "Z", null)),
         new("forecast.forecasts", "mean", Names("{}", "{-1,2}"), Names("{1,2}", "{0,0}")), new("forecast.forecasts", "quantiles", Names("{1,2,3}", "{-1,2,3,4}"), Names("{1,2,3,4}", "{}")), new("forecast.forecasts", "protection_periods", Integers(-9, 0), Integers(1, 9)), new("forecast.forecasts", "protection_mean", Names("-1"), Names("0", "2.5", null)),
        new("forecast.model_artifacts", "sha256", Names(new string('g', 64), "a"), Names(new string('0', 64))), new("forecast.model_versions", "fingerprint", Names(new string('A', 64), "a"), Names(new string('0', 64), null)), new("forecast.part_accuracy", "steps", Integers(-9, 0), Integers(1, 9)),
        new("forecast.demand_series", "sku", Names(""), Names("SKU-9")), new("forecast.forecast_overrides", "reason", Names(""), Names("Tender.")), new("forecast.promotions", "kind", Names(""), Names("price")), new("forecast.promotions", "group_path", Names("freinage/", "x"), Names((string?)null)), new("forecast.promotions", "sku", Names("", null), Names("SKU-9")),
        new("forecast.planning_parameters", "sku", Names(""), Names("SKU-9")), new("forecast.planning_parameters", "lead_time_days", Negative.Or(Integers(3651, 9999)), Integers(0, 3650)), new("forecast.planning_parameters", "review_days", Integers(-9, 0).Or(Integers(3651, 9999)), Integers(1, 3650)),
         new("forecast.planning_parameters", "holding_cost", Names("-1", "Infinity", "NaN"), Numbers), new("forecast.planning_parameters", "shortage_cost", Names("-1", "Infinity", "NaN"), Numbers), new("forecast.planning_parameters", "unit_cost", Names("-1"), Numbers), new("forecast.planning_parameters", "demand_share", Names("-0.1", "1.1", "0.5"), Names((string?)null)), // a share is a warehouse's
        new("forecast.demand_series", "frequency", Names("X", "m", ""), Names("Y", "Q", "M", "W", "D", "O")), new("forecast.demand_observations", "quantity", Names("-0.001", "-5", "Infinity", "NaN"), Numbers), new("forecast.demand_observations", "series_id", Ids, Names("00000000-0000-7000-8000-000000000061"), "23503"),
         new("forecast.model_versions", "quantile_levels", Names("{0,0.5}", "{0.5,1}", "{-1}", "{2}"), Names("{0.5}", "{0.05,0.5,0.95}", "{}")), new("forecast.model_versions", "horizon", Integers(-9, 0).Or(Integers(1001, 9999)), Integers(1, 1000)), new("forecast.model_versions", "series_count", Integers(-9, 0), Integers(1, 9)),
         new("forecast.model_versions", "window_end", Names("2025-12-31", "1999-01-01"), Names("2026-01-01", "2027-01-01")), new("forecast.model_versions", "data_sha256", Names(new string('g', 64), new string('A', 64), "a"), Names(new string('0', 64))),
         new("forecast.forecast_overrides", "quantity", Negative.Or(Names("Infinity")), Numbers), new("forecast.planning_parameters", "service_level", Names("0", "1", "1.5", "-0.1"), Names("0.5", "0.99", null)), new("forecast.planning_parameters", "target", NoName, Names("CycleService", "FillRate", "Costs", null)),
         new("forecast.planning_parameters", "pack_size", Integers(-9, 0), Integers(1, 99)), new("forecast.promotions", "to_day", Names("2026-11-30", "2020-01-01"), Names("2026-12-01", "2027-01-01")), new("forecast.accuracy", "position", Negative, Integers(0, 99)), new("forecast.accuracy", "series_count", Negative, Integers(0, 99)),
        new("identity.users", "role", NoName, Names("NoAccess", "User", "Admin")), new("identity.users", "email", Names("Ali@shabou.tn", "ALI"), Names("ali@shabou.tn", "a")), .. Hashes("identity.api_keys", "hash"), .. Hashes("identity.bootstrap_tokens", "hash"), .. Hashes("identity.refresh_tokens", "hash"), .. Hashes("identity.sign_in_codes", "hash"), .. Hashes("jobs.job_keys", "hash"), .. Hashes("ops.secret_versions", "fingerprint"),
         new("identity.api_keys", "role", NoName, Names("Admin", "User")), new("identity.sessions", "user_id", Ids, Names("00000000-0000-7000-8000-000000000401"), "23503"),
         new("identity.signing_keys", "valid_until", Names("2020-01-01"), Names("2030-01-01")),
        new("jobs.jobs", "state", NoName.Or(Names("Running", "Completed")), Names("Available", "Dead")), new("jobs.jobs", "priority", Integers(-9, 0).Or(Integers(5, 99)), Integers(1, 4)), new("jobs.jobs", "max_attempts", Integers(-9, 0), Integers(1, 99)), new("jobs.finished_jobs", "max_attempts", Integers(-9, 0), Integers(1, 99)),
         new("jobs.finished_jobs", "priority", Integers(-9, 0).Or(Integers(5, 99)), Integers(1, 4)), new("jobs.finished_jobs", "state", NoName, Names("Completed", "Cancelled")),
        .. Counts("jobs.jobs", "attempt", "redrives"), .. Counts("jobs.finished_jobs", "attempt", "redrives"), .. Counts("jobs.minutes", "succeeded", "failed"),
        .. Counts("ops.alerts", "attempts"), .. Counts("ops.lead_exports", "leads"),
        new("ops.alerts", "severity", NoName, Names("Info", "Warning", "Critical")), new("ops.idempotent_requests", "status", Integers(-9, 99).Or(Integers(600, 999)), Integers(100, 599)), new("ops.idempotent_requests", "request_hash", Names("\\x00", ""), Names("\\x" + new string('0', 64))),
         new("ops.lead_stage_changes", "to_stage", NoName, Names("New", "Contacted", "Customer")),
        new("prospector.budget_windows", "used", Integers(4500, 9999).Or(Negative), Integers(0, 100)), new("prospector.budget_windows", "cost_micros", Names("-1", "34999", "300000001"), Names("35000", "70000", "300000000")), new("prospector.budget_windows", "kind", NoName.Or(Names("Month")), Names("Day")),
         new("prospector.budget_reservations", "units", Integers(-9, 0), Integers(1, 9)), new("prospector.budget_reservations", "month_key", Names("2026-11-02", "2026-10-01"), Names("2026-11-01")), new("prospector.budget_reservations", "expires_at", Names("2020-01-01"), Names("2030-01-01")),
         new("prospector.budget_reservations", "state", NoName, Names("Reserved")),
        .. Counts("prospector.budget_switch", "calls_per_day", "calls_per_month", "micros_per_month", "ledger_version"), .. Counts("prospector.campaign_runs", "search", "page", "searches", "calls"), .. Counts("prospector.campaigns", "searches"), .. Counts("prospector.leads", "revision", "score_version"),
        new("prospector.campaign_runs", "state", NoName.Or(Names("Completed", "Stopped")), Names("Running")), new("prospector.campaign_runs", "finished_at", Names("2026-12-01"), Names((string?)null)), new("prospector.campaign_runs", "stop_reason", Names("Budget."), Names((string?)null)),
         new("prospector.campaigns", "locations", Names("{}"), Names("{Sfax}", "{Sfax,Gabes}")), new("prospector.campaigns", "queries", Names("{}"), Names("{garage}")), new("prospector.campaigns", "schedule", Names("0 0 3 * * ?"), Names((string?)null)),
         new("prospector.contact_consents", "given_at", Names("2999-01-01"), Names("2020-01-01")), new("prospector.contact_consents", "withdrawn_at", Names("2026-12-01"), Names((string?)null)),
         new("prospector.lead_contacts", "kind", NoName.Or(Names("Phone")), Names("Email")), new("prospector.lead_contacts", "is_personal", Names("false"), Names("true")), new("prospector.lead_contacts", "consent_id", Names((string?)null), Names("00000000-0000-7000-8000-000000000301")), new("prospector.lead_contacts", "hash", Names("\\x00", ""), Names("\\xc0409c1114dbcb26a75b91825c982fca4dcd54bb7cb1e0ff891e146c3ae6e6ce")),
         new("prospector.lead_places", "place_hash", Names("\\x00", ""), Names("\\x" + new string('1', 64))), new("prospector.lead_places", "phone_hash", Names("\\x00", ""), Names("\\x" + new string('1', 64), null)), new("prospector.leads", "place_id", Names(""), Names("place-9")), new("ops.lead_stage_changes", "from_stage", NoName, Names("New", null)),
        new("prospector.leads", "score", Negative.Or(Integers(101, 999)), Integers(0, 100)), new("prospector.leads", "stage", NoName.Or(Names("Lost")), Names("New", "Contacted", "Qualified", "Offered", "Customer")), new("prospector.campaigns", "pages_per_query", Integers(-9, 0).Or(Integers(4, 99)), Integers(1, 3)),
         new("prospector.google_content", "latitude", Names("90.1", "-91"), Names("36.8", "-90", null)), new("prospector.google_content", "longitude", Names("180.1", "-181"), Names("10.2", null)), new("prospector.google_content", "rating", Names("-0.1", "5.1"), Names("0", "4.5", null)),
         new("prospector.google_content", "expires_at", Names("2999-01-01"), Names("2026-01-01")), new("prospector.suppressions", "kind", NoName, Names("Phone", "Email", "Domain", "PlaceId")), new("prospector.suppressions", "hash", Names("\\x00"), Names("\\x" + new string('1', 64))),
    ];

    /// <summary>What no value of a single column breaks for certain.</summary>
    public static IReadOnlyList<string> OfTwoColumns { get; } = ["UPDATE catalog.products SET replaced_by_id = id"];

    private static Gen<string?> Negative => Integers(-100_000, -1);

    private static Gen<string?> Numbers => Gen.Choose(0, 1_000_000).Select(n => (string?)(n / 1000m).ToString(CultureInfo.InvariantCulture));

    /// <summary>No value of any enum.</summary>
    private static Gen<string?> NoName => Names("", "New2", "x", "null", "avail", "DROP");

    private static Gen<string?> Ids => Gen.Choose(0, int.MaxValue).Select(n => (string?)$"00000000-0000-4000-9000-{n:x12}");

    private static Gen<string?> RightGtin => Gen.Choose(0, int.MaxValue).Select(n => (string?)Gtin(n, wrong: 0));

    private static Gen<string?> WrongGtin => Gen.Choose(0, int.MaxValue).SelectMany(n => Gen.Choose(1, 9).Select(wrong => (string?)Gtin(n, wrong))).Or(Names("123", "ABCDEFGH", "12345678901"));

    private static IReadOnlyList<Rule> Counts(string table, params string[] columns) => [.. columns.Select(column => new Rule(table, column, Negative, Integers(0, 4)))];

    private static IReadOnlyList<Rule> Hashes(string table, string column) => [new(table, column, Names("\\x00", "", "\\x" + new string('0', 66)), Names("\\x" + new string('0', 64)))];

    private static Gen<string?> Integers(int from, int to) => Gen.Choose(from, to).Select(n => (string?)n.ToString(CultureInfo.InvariantCulture));

    private static Gen<string?> Names(params string?[] names) => Gen.Elements(names);

    private static string Gtin(int number, int wrong)
    {
        var digits = number.ToString("D12", CultureInfo.InvariantCulture);
        var sum = digits.Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 1 : 3)).Sum();
        return digits + (((10 - (sum % 10)) % 10) + wrong) % 10;
    }
}

internal static class GenUnion
{
    public static Gen<string?> Or(this Gen<string?> one, Gen<string?> other) => Gen.OneOf(one, other);
}
