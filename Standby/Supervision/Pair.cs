using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Standby.Servers;

namespace Shabou.Standby.Supervision;

/// <summary>The two servers: ours, and the one that was the primary when the pair was made.</summary>
internal sealed class Pair
{
    private const string ConnectionName = "postgres";

    public Pair(IConfiguration configuration, IOptions<StandbyOptions> options, TimeProvider time)
    {
        var primary = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString(ConnectionName) ?? throw new InvalidOperationException("ConnectionStrings:postgres is not set: give the standby the connection string of the primary's superuser."))
        {
            Database = ConnectionName,
        };
        Other = new(primary.ConnectionString, options.Value.Database, time);
        // All that is in the primary is in the copy, so its superuser and password are too.
        (primary.Host, primary.Port) = ("127.0.0.1", options.Value.Port);
        Own = new(primary.ConnectionString, options.Value.Database, time);
    }

    public DatabaseServer Own { get; }

    public DatabaseServer Other { get; }
}
