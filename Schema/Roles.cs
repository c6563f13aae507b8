namespace Shabou.Schema;

/// <summary>Who may do what: role x table x verb. Migrator applies it after each migration; what is not listed is refused by PostgreSQL.</summary>
public static class Roles
{
    /// <summary>Owns the database and every table: the only role with DDL. It cannot do DDL for others and nobody serves requests as it.</summary>
    public const string Migrator = "migrator";

    public const string Catalog = "catalog";
    public const string Forecast = "forecast";
    public const string Prospector = "prospector";
    public const string Gateway = "gateway";

    /// <summary>The roles that services log in as, in the order their passwords are configured.</summary>
    public static IReadOnlyList<string> Services { get; } = [Catalog, Forecast, Prospector, Gateway];

    private static readonly string[] QueueTables = ["jobs", "job_keys", "workers", "minutes", "schedules"];

    /// <summary>What the forecaster knows of a part: its group, its price, what replaces it, and where it lies.</summary>
    private static readonly string[] CatalogFacts = ["products", "categories", "prices", "suppliers", "warehouses", "stock_levels"];

    private const string Read = "SELECT";
    private const string Keep = "SELECT, INSERT, UPDATE";
    private const string Write = "SELECT, INSERT, UPDATE, DELETE";

    /// <summary>Grants on every table of a PostgreSQL schema, or on one table: the latter instead of the former.</summary>
    public static IReadOnlyList<Grant> Grants { get; } =
    [
        new(Catalog, "catalog", null, Write),
        new(Catalog, "forecast", null, Read),
        new(Catalog, "ops", "audit_entries", Read), // written by the triggers of its owner only
        new(Catalog, "ops", "idempotent_requests", Write),
        new(Forecast, "forecast", null, Write),
        .. CatalogFacts.Select(table => new Grant(Forecast, "catalog", table, Read)),
        new(Prospector, "prospector", null, Write),
        new(Prospector, "prospector", "budget_switch", "SELECT, UPDATE"), // the ledger is added to and settled, never taken back
        new(Prospector, "prospector", "budget_windows", Keep),
        new(Prospector, "prospector", "budget_reservations", Keep),
        new(Prospector, "prospector", "budget_changes", Read), // written by a trigger of its owner only
        new(Prospector, "ops", "lead_stage_changes", Read), // written by the triggers of its owner only
        new(Prospector, "ops", "lead_exports", "SELECT, INSERT"),
        new(Prospector, "ops", "idempotent_requests", Write),
        new(Gateway, "identity", null, Write),
        new(Gateway, "identity", "api_keys", Keep), // revoked, never forgotten
        new(Gateway, "identity", "users", Keep),
        new(Gateway, "identity", "bootstrap_tokens", "SELECT, UPDATE"), // made by the installation only
        new(Gateway, "identity", "data_protection_keys", "SELECT, INSERT"),
        new(Gateway, "ops", "alerts", "SELECT, INSERT"),
        new(Gateway, "ops", "heartbeats", Keep),
        new(Gateway, "ops", "backups", Read),
        new(Gateway, "jobs", "jobs", Read), // what its health report tells
        new(Gateway, "jobs", "workers", Read),
        new(Gateway, "prospector", "budget_switch", Read),
        new(Gateway, "prospector", "budget_windows", Read),
        .. Services.Select(role => new Grant(role, "ops", "secret_versions", "SELECT, INSERT")),
        .. Works(Catalog), .. Works(Forecast), .. Works(Prospector),
        .. Services.Select(role => new Grant(role, "public", "\"__EFMigrationsHistory\"", Read)), // for the schema-version check
    ];

    /// <summary>What every service needs that enqueues and runs jobs. History is only added to; alerts are said and marked as sent, never taken back.</summary>
    private static IEnumerable<Grant> Works(string role) =>
    [
        .. QueueTables.Select(table => new Grant(role, "jobs", table, Write)),
        new(role, "jobs", "finished_jobs", "SELECT, INSERT"),
        new(role, "jobs", "all_jobs", Read),
        new(role, "ops", "alerts", Keep),
        new(role, "ops", "alert_rule_states", Write),
    ];
}

/// <summary>One line of <see cref="Roles.Grants"/>.</summary>
/// <param name="Role">Who.</param>
/// <param name="Schema">The PostgreSQL schema.</param>
/// <param name="Table">One table as written in SQL, or null for all tables of the schema.</param>
/// <param name="Verbs">Comma-separated SQL verbs.</param>
public sealed record Grant(string Role, string Schema, string? Table, string Verbs);
