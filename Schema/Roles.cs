namespace Shabou.Schema;

/// <summary>Who may do what: role x table x verb. Migrator applies it at each start; what is not written here is refused by PostgreSQL.</summary>
public static class Roles
{
    /// <summary>Owns the database and every table: the only role with DDL. It cannot do DDL for others and nobody serves requests as it.</summary>
    public const string Migrator = "migrator";

    public const string Catalog = "catalog";
    public const string Forecast = "forecast";
    public const string Prospector = "prospector";
    public const string Gateway = "gateway";

    /// <summary>Copies the whole database, by PostgreSQL's protocols only, and notes in <c>ops.backups</c> what it made.</summary>
    public const string Backup = "backup";

    /// <summary>A standby logs in as it. It has no table and cannot even connect to the database: a stream of the log needs neither.</summary>
    public const string Replication = "replication";

    /// <summary>A person with psql, or a tool for charts. It reads the business, neither sign-ins nor people's contacts.</summary>
    public const string Report = "report";

    /// <summary>The roles that services log in as, in the order their passwords are configured.</summary>
    public static IReadOnlyList<string> Services { get; } = [Catalog, Forecast, Prospector, Gateway, Backup];

    /// <summary>Every role that this project knows.</summary>
    public static IReadOnlyList<string> All { get; } = [Migrator, .. Services, Replication, Report];

    /// <summary>Those that may stream the log of changes.</summary>
    public static IReadOnlyList<string> Replicating { get; } = [Backup, Replication];

    /// <summary>What a role gets of PostgreSQL's own roles, because no grant on a table gives it.</summary>
    public static IReadOnlyList<(string Role, string Of)> Memberships { get; } = [(Backup, "pg_read_all_data"), (Backup, "pg_monitor"), (Gateway, "pg_monitor")];

    /// <summary>s = SELECT, i = INSERT, u = UPDATE, d = DELETE, t = TRUNCATE, x = EXECUTE, - = nothing. A line ends with () for a function; those that
    /// only triggers run need no line. What is kept for good has no d: alerts are said and marked as sent, the ledger is added to and settled, exports and
    /// versions of secrets are added to, the audit is written by triggers of its owner only.</summary>
    internal const string Table =
        """
                                           catalog  forecast prospector  gateway  backup  report  migrator
        catalog.assortments                siud     -        -           -        s       s       siudt
        catalog.brands                     siud     -        -           -        s       s       siudt
        catalog.categories                 siud     s        -           -        s       s       siudt
        catalog.fitments                   siud     -        -           -        s       s       siudt
        catalog.forecast_copies            siud     -        -           -        s       s       siudt
        catalog.price_changes              siud     -        -           -        s       s       siudt
        catalog.price_index_points         siud     -        -           -        s       s       siudt
        catalog.price_list_errors          siud     -        -           -        s       s       siudt
        catalog.price_list_rows            siud     -        -           -        s       s       siudt
        catalog.price_lists                siud     -        -           -        s       s       siudt
        catalog.prices                     siud     s        -           -        s       s       siudt
        catalog.products                   siud     s        -           -        s       s       siudt
        catalog.reference_numbers          siud     -        -           -        s       s       siudt
        catalog.search_words               siud     -        -           -        s       s       siudt
        catalog.stock_levels               siud     s        -           -        s       s       siudt
        catalog.stock_reservations         siud     -        -           -        s       s       siudt
        catalog.suppliers                  siud     s        -           -        s       s       siudt
        catalog.vehicles                   siud     -        -           -        s       s       siudt
        catalog.warehouses                 siud     s        -           -        s       s       siudt
        catalog.effective_price()          x        x        -           -        -       x       x

        forecast.accuracy                  s        siud     -           -        s       s       siudt
        forecast.demand_observations       s        siud     -           -        s       s       siudt
        forecast.demand_series             s        siud     -           -        s       s       siudt
        forecast.forecast_overrides        s        siud     -           -        s       s       siudt
        forecast.forecasts                 s        siud     -           -        s       s       siudt
        forecast.model_artifacts           s        siud     -           -        s       s       siudt
        forecast.model_versions            s        siud     -           -        s       s       siudt
        forecast.part_accuracy             s        siud     -           -        s       s       siudt
        forecast.planning_parameters       s        siud     -           -        s       s       siudt
        forecast.promotions                s        siud     -           -        s       s       siudt

        identity.api_keys                  -        -        -           siu      s       -       siudt
        identity.bootstrap_tokens          -        -        -           su       s       -       siudt
        identity.data_protection_keys      -        -        -           si       s       -       siudt
        identity.refresh_tokens            -        -        -           siud     s       -       siudt
        identity.sessions                  -        -        -           siud     s       -       siudt
        identity.sign_in_codes             -        -        -           siud     s       -       siudt
        identity.signing_keys              -        -        -           siud     s       -       siudt
        identity.users                     -        -        -           siu      s       -       siudt

        jobs.all_jobs                      s        s        s           -        s       s       siud
        jobs.finished_jobs                 si       si       si          -        s       s       siudt
        jobs.job_keys                      siud     siud     siud        -        s       -       siudt
        jobs.jobs                          siud     siud     siud        s        s       s       siudt
        jobs.minutes                       siud     siud     siud        -        s       s       siudt
        jobs.schedules                     siud     siud     siud        -        s       s       siudt
        jobs.workers                       siud     siud     siud        s        s       s       siudt
        jobs.detached_history()            x        x        x           -        -       -       x
        jobs.drop_history()                x        x        x           -        -       -       x
        jobs.keep_history()                x        x        x           -        -       -       x

        ops.alert_rule_states              siud     siud     siud        -        s       s       siudt
        ops.alerts                         siu      siu      siu         si       si      s       siudt
        ops.audit_entries                  s        -        -           -        s       -       siudt
        ops.backups                        -        -        -           s        siu     s       siudt
        ops.heartbeats                     -        -        -           siu      s       s       siudt
        ops.idempotent_requests            siud     -        siud        -        s       -       siudt
        ops.lead_exports                   -        -        si          -        s       -       siudt
        ops.lead_stage_changes             -        -        s           -        s       s       siudt
        ops.secret_versions                si       si       si          si       si      -       siudt
        ops.let_go()                       x        x        x           -        -       -       x

        prospector.budget_changes          -        -        s           -        s       s       siudt
        prospector.budget_reservations     -        -        siu         -        s       s       siudt
        prospector.budget_switch           -        -        su          s        s       s       siudt
        prospector.budget_windows          -        -        siu         s        s       s       siudt
        prospector.campaign_leads          -        -        siud        -        s       s       siudt
        prospector.campaign_runs           -        -        siud        -        s       s       siudt
        prospector.campaigns               -        -        siud        -        s       s       siudt
        prospector.contact_consents        -        -        siud        -        s       -       siudt
        prospector.google_content          -        -        siud        -        s       -       siudt
        prospector.lead_contacts           -        -        siud        -        s       -       siudt
        prospector.lead_places             -        -        siud        -        s       s       siudt
        prospector.leads                   -        -        siud        -        s       s       siudt
        prospector.suppressions            -        -        siud        -        s       -       siudt
        prospector.budget_now()            -        -        x           -        -       -       x

        public.__EFMigrationsHistory       s        s        s           s        s       -       siudt
        """;

    /// <summary>The cells of <see cref="Table"/> that give something, except those of the owner, who needs no grant.</summary>
    public static IReadOnlyList<Grant> Grants { get; } = [.. RoleTable.Read(Table).Where(grant => grant.Role != Migrator)];
}
