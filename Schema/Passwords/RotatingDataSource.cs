using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Shabou.Schema.Passwords;

/// <summary>Lets a data source ask for its password at each connection it opens. Open connections stay.</summary>
internal static class RotatingDataSource
{
    /// <summary>What the driver demands of a connection string whose password is asked for: that it has none.</summary>
    public static string WithoutPassword(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Password = null }.ConnectionString;

    public static NpgsqlDataSourceBuilder UseDatabasePassword(this NpgsqlDataSourceBuilder source, IConfiguration configuration)
    {
        var password = new DatabasePassword(configuration);
        return source.UsePasswordProvider(password.Read, (connection, cancellationToken) => password.ReadAsync(connection, cancellationToken));
    }
}
