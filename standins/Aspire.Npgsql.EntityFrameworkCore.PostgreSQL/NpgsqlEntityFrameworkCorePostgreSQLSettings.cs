// Stands in for Aspire.Npgsql.EntityFrameworkCore.PostgreSQL 13.4.6. Delete this project when the feed has the package.

namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

public class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    public string? ConnectionString { get; set; }

    /// <summary>False by default: failed commands are retried, so transactions of one's own need the execution strategy.</summary>
    public bool DisableRetry { get; set; }

    public bool DisableHealthChecks { get; set; }

    public bool DisableTracing { get; set; }

    public bool DisableMetrics { get; set; }

    /// <summary>In seconds; Npgsql's own default of 30 when null.</summary>
    public int? CommandTimeout { get; set; }
}
