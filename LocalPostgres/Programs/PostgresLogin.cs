using System.Globalization;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Shabou.LocalPostgres.Programs;

/// <summary>How PostgreSQL's programs reach a server. The password travels in the environment, never on the command line, where every user of the machine reads it.</summary>
/// <param name="ConnectionString">For Npgsql.</param>
public sealed record PostgresLogin(string ConnectionString)
{
    /// <summary>The host of the connection string; of several all, as libpq takes them: with commas between.</summary>
    public string Host => string.Join(',', Hosts.Select(host => IsFolder(host) ? host : new HostString(host).Host.Trim('[', ']')));

    /// <summary>The port; of several hosts one for each, with commas between.</summary>
    public string Port => string.Join(',', Hosts.Select(host => ((IsFolder(host) ? null : new HostString(host).Port) ?? Parsed.Port).ToString(CultureInfo.InvariantCulture)));

    public string Database => Parsed.Database ?? "postgres";

    private const string TargetSessionAttributes = "Target Session Attributes";

    private string[] Hosts => (Parsed.Host ?? "localhost").Split(',', StringSplitOptions.TrimEntries);

    private NpgsqlConnectionStringBuilder Parsed { get; } = new(ConnectionString);

    /// <summary>The same login, another database.</summary>
    public PostgresLogin To(string database) => new(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString);

    /// <summary>The same login at the server that a connection has reached. Which of several it is may change at any moment, and what a program does must
    /// be done where the questions before it were answered.</summary>
    /// <param name="reached">Open, from <see cref="OpenAsync"/>.</param>
    public PostgresLogin At(NpgsqlConnection reached)
    {
        if (Hosts.Length == 1) return this;
        var one = new NpgsqlConnectionStringBuilder(ConnectionString) { Host = reached.Host, Port = reached.Port };
        one.Remove(TargetSessionAttributes);
        return new(one.ConnectionString);
    }

    /// <summary>Opens one connection outside any pool.</summary>
    /// <exception cref="NpgsqlException">The server does not answer, or lets nobody in.</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The variables of libpq.</summary>
    /// <param name="applicationName">What the server's views show.</param>
    internal Dictionary<string, string> Variables(string applicationName)
    {
        var variables = new Dictionary<string, string>
        {
            ["PGHOST"] = Host, ["PGPORT"] = Port, ["PGDATABASE"] = Database, ["PGAPPNAME"] = applicationName, ["PGCONNECT_TIMEOUT"] = "10",
            ["PGSSLMODE"] = Parsed.SslMode switch
            {
                SslMode.Disable => "disable", SslMode.Allow => "allow", SslMode.Require => "require", SslMode.VerifyCA => "verify-ca", SslMode.VerifyFull => "verify-full", _ => "prefer",
            },
        };
        if (Hosts.Length > 1)
            variables["PGTARGETSESSIONATTRS"] = Parsed.TargetSessionAttributes switch { null => "any", "prefer-primary" => "primary", var said => said }; // libpq does not know that one
        if (Parsed.Username is { Length: > 0 } user) variables["PGUSER"] = user;
        if (Parsed.Password is { Length: > 0 } password) variables["PGPASSWORD"] = password;
        if (Parsed.RootCertificate is { Length: > 0 } certificate) variables["PGSSLROOTCERT"] = certificate;
        return variables;
    }

    /// <summary>Of a Unix socket.</summary>
    private static bool IsFolder(string host) => host.StartsWith('/');
}
