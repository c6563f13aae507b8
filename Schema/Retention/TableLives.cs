using static Shabou.Schema.Retention.Growth;

namespace Shabou.Schema.Retention;

/// <summary>Every table of the database: what grows in it, how long that stays, and how it goes. A test finds the tables that are missing here.</summary>
public static class TableLives
{
    private const string LetGoFunction = "nightly by the job jobs.retention (ops.let_go)";
    private const string WithItsPart = "goes with its part or vehicle";
    private const string WithItsModel = "goes with its model version: Forecast:Training:KeepVersions";
    private const string WithItsLead = "goes with its lead, which may be erased";

    public static IReadOnlyList<TableLife> All { get; } =
    [
        new("jobs.jobs", LetGo, Days(90), "a finished job leaves at once; a dead letter that nobody wanted goes to the history"),
        new("jobs.finished_jobs", Archived, Days(90), "whole months, nightly by jobs.retention: detached, written to Archive:Folder, checked, dropped"),
        new("jobs.job_keys", LetGo, Days(90), "nightly by jobs.retention, unless the job still waits"),
        new("jobs.minutes", LetGo, Days(1), "nightly by jobs.retention"),
        new("jobs.workers", LetGo, Days(1), "nightly by jobs.retention"),
        new("jobs.schedules", Bounded, null, "one row for each schedule"),

        new("ops.alerts", LetGo, Days(365), LetGoFunction),
        new("ops.alert_rule_states", LetGo, Days(365), $"{LetGoFunction}, unless the rule fires"),
        new("ops.heartbeats", LetGo, Days(30), LetGoFunction),
        new("ops.idempotent_requests", LetGo, TimeSpan.FromHours(24), "every ten minutes by the job ops.forget-requests"),
        new("ops.audit_entries", Kept, null, "who changed what: evidence, about 300 bytes for a change"),
        new("ops.lead_exports", Kept, null, "who took personal data out of the house: evidence, one row for an export"),
        new("ops.lead_stage_changes", Kept, null, "what was promised to whom: evidence, a few rows for a lead"),
        new("ops.secret_versions", Kept, null, "one row for each value of a secret: a few a year"),
        new("ops.backups", Kept, null, "one row for each backup: a few hundred a year; their files go, seven are kept"),

        new("catalog.products", Bounded, null, "the assortment; deleted parts stay as numbers that old documents name"),
        new("catalog.reference_numbers", Bounded, null, WithItsPart),
        new("catalog.fitments", Bounded, null, WithItsPart),
        new("catalog.vehicles", Bounded, null, "the vehicles of the country"),
        new("catalog.brands", Bounded, null, "the assortment"),
        new("catalog.categories", Bounded, null, "the assortment"),
        new("catalog.suppliers", Bounded, null, "the suppliers"),
        new("catalog.warehouses", Bounded, null, "the warehouses"),
        new("catalog.assortments", Bounded, null, "one row for each brand within a category"),
        new("catalog.search_words", Bounded, null, "the words of the assortment"),
        new("catalog.stock_levels", Bounded, null, "one row for each part in a warehouse"),
        new("catalog.stock_reservations", LetGo, Days(365), $"{LetGoFunction}, once ended"),
        new("catalog.price_lists", Kept, null, "one row for each list that was uploaded"),
        new("catalog.price_list_rows", LetGo, null, "when the list has been checked or applied"),
        new("catalog.price_list_errors", LetGo, Days(90), LetGoFunction),
        new("catalog.prices", Kept, null, "what a part cost when: a list may be rolled back to, and forecasts read it; about 60 bytes for a price"),
        new("catalog.price_changes", Kept, null, "what a part cost when, as above"),
        new("catalog.price_index_points", Kept, null, "a few hundred points for each applied list"),
        new("catalog.forecast_copies", Bounded, null, "one row for each part: the last good forecast"),

        new("forecast.demand_series", Bounded, null, "one row for each part"),
        new("forecast.demand_observations", Kept, null, "what was sold is what forecasts learn from: at most one row a period and part"),
        new("forecast.promotions", Kept, null, "what explains past demand: a few rows a month"),
        new("forecast.planning_parameters", Bounded, null, "one row for each part"),
        new("forecast.forecast_overrides", Kept, null, "what planners changed and what it was worth: a few rows a period"),
        new("forecast.model_versions", LetGo, null, "the training keeps the newest: Forecast:Training:KeepVersions"),
        new("forecast.model_artifacts", LetGo, null, WithItsModel),
        new("forecast.forecasts", LetGo, null, WithItsModel),
        new("forecast.accuracy", LetGo, null, WithItsModel),
        new("forecast.part_accuracy", LetGo, null, WithItsModel),

        new("prospector.leads", Kept, null, "the businesses of the country; one that asks is erased"),
        new("prospector.lead_places", Bounded, null, WithItsLead),
        new("prospector.lead_contacts", Bounded, null, WithItsLead),
        new("prospector.contact_consents", Bounded, null, WithItsLead),
        new("prospector.google_content", LetGo, Days(30), "Google's terms: daily by the job of the prospector that purges content"),
        new("prospector.suppressions", Kept, null, "who must not be asked again: forgetting would break the promise"),
        new("prospector.campaigns", Bounded, null, "as many as people make"),
        new("prospector.campaign_runs", Kept, null, "one row for each sweep, which costs money: a few a month"),
        new("prospector.campaign_leads", Bounded, null, "which campaign found a lead; goes with either"),
        new("prospector.budget_reservations", Kept, null, "the ledger of paid calls: evidence, at most 4,500 rows a month"),
        new("prospector.budget_windows", Kept, null, "one row for each day and month of the ledger"),
        new("prospector.budget_changes", Kept, null, "who changed a cap: evidence"),
        new("prospector.budget_switch", Bounded, null, "one row"),

        new("identity.users", Bounded, null, "the people of the shop"),
        new("identity.sessions", LetGo, Days(7), "a week after its end, by SessionCleaner of the gateway"),
        new("identity.refresh_tokens", LetGo, Days(7), "a week after its end, by SessionCleaner of the gateway"),
        new("identity.sign_in_codes", LetGo, TimeSpan.FromHours(1), "an hour after its end, by SessionCleaner of the gateway"),
        new("identity.api_keys", Kept, null, "a revoked key is never forgotten, so that it cannot be given again; a few a year"),
        new("identity.signing_keys", LetGo, null, "when the last token that it signed is over, by the key ring"),
        new("identity.data_protection_keys", Kept, null, "one row in 90 days, needed to read what it sealed"),
        new("identity.bootstrap_tokens", Bounded, null, "one row; a used one stays used"),
    ];

    private static TimeSpan Days(int days) => TimeSpan.FromDays(days);
}
