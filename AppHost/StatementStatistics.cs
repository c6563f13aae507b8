namespace Shabou.AppHost;

/// <summary>Lets PostgreSQL count what each statement costs (pg_stat_statements, about a percent of its time). <c>Postgres:Statements=false</c> leaves it out,
/// for a server without the contrib modules, which would not start.</summary>
internal static class StatementStatistics
{
    public static IResourceBuilder<PostgresServerResource> WithStatementStatistics(this IResourceBuilder<PostgresServerResource> postgres) =>
        string.Equals(postgres.ApplicationBuilder.Configuration["Postgres:Statements"], "false", StringComparison.OrdinalIgnoreCase)
            ? postgres
            : postgres.WithArgs("-c", "shared_preload_libraries=pg_stat_statements", "-c", "pg_stat_statements.track_utility=off");
}
