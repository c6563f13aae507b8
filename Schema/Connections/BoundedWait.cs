using System.Data.Common;
using Npgsql;

namespace Shabou.Schema.Connections;

/// <summary>Nobody waits longer than this for a connection, be it for a free one of the pool or for a server that does not answer: a caller is
/// better served by a 503 that it can repeat.</summary>
/// <remarks>So long the driver also tries to tell a silent server that a command is cancelled; with GSS encryption, which is not used here, twice.</remarks>
public static class BoundedWait
{
    /// <summary>In seconds, unless the connection string says <c>Timeout</c> itself. The driver's own 15 s would be three such waits.</summary>
    public const int Seconds = 5;

    private const string Keyword = "Timeout";
    private const string Encryption = "GSS Encryption Mode";

    /// <summary>The connection string with the wait in it.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public static string In(string connectionString)
    {
        var said = new DbConnectionStringBuilder { ConnectionString = connectionString }; // the driver's builder contains every keyword, said or not
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        if (!said.ContainsKey(Keyword)) connection.Timeout = Seconds;
        if (!said.ContainsKey(Encryption)) connection.GssEncryptionMode = GssEncryptionMode.Disable;
        return connection.ConnectionString;
    }
}
