using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Shabou.Schema.Reporting;

/// <summary>Where reports are read: a standby if <c>ConnectionStrings:shabou</c> names several servers and one is there, else a primary.</summary>
public sealed class ReportingDatabase
{
    /// <summary>Connections per process to the standby. Only while that is away do they count at the primary, beside the plan of its connections.</summary>
    private const int Connections = 2;

    internal ReportingDatabase(IConfiguration configuration, DatabaseDriver driver, IServiceProvider services)
    {
        var configured = configuration.GetConnectionString(ShabouContext.ConnectionName) ?? throw new InvalidOperationException("ConnectionStrings:shabou is missing.");
        HasStandby = new NpgsqlConnectionStringBuilder(configured).Host?.Contains(',', StringComparison.Ordinal) == true;
        var options = new DbContextOptionsBuilder<ShabouContext>().UseApplicationServiceProvider(services).UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);
        driver.Configure(options, driver.Connect(configured, HasStandby ? PreferStandby : null));
        Options = options.Options;
    }

    /// <summary>Whether rows may come from a standby.</summary>
    public bool HasStandby { get; }

    internal DbContextOptions<ShabouContext> Options { get; }

    private static void PreferStandby(NpgsqlConnectionStringBuilder connection)
    {
        connection.TargetSessionAttributes = "prefer-standby";
        connection.MaxPoolSize = Connections;
        connection.ApplicationName = $"{connection.ApplicationName} reports";
        connection.Options = $"{connection.Options} -c default_transaction_read_only=on".TrimStart();
    }
}
