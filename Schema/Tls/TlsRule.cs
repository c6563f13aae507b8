using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace Shabou.Schema.Tls;

/// <summary>What a connection string must say outside Development: the server proves who it is, by an authority that we chose.</summary>
public static class TlsRule
{
    private const string Key = "ConnectionStrings:shabou";
    private const string FromEnvironment = "PGSSLROOTCERT";

    /// <summary>Refuses what would connect without TLS, or to anybody.</summary>
    /// <param name="connectionString">Null is refused elsewhere, by its own message.</param>
    /// <exception cref="InvalidOperationException">One sentence that names the setting and the remedy, and never the value.</exception>
    public static void Require(string? connectionString)
    {
        if (connectionString is null) return;
        var connection = Read(connectionString);
        if (connection.SslMode != SslMode.VerifyFull)
            throw new InvalidOperationException($"{Key} must say 'SSL Mode=VerifyFull' outside Development; add it and 'Root Certificate=<ca.pem>'.");
        RequireAuthority(connection.RootCertificate ?? Environment.GetEnvironmentVariable(FromEnvironment));
    }

    /// <summary>Refuses a value that carries another setting along: of two that say the same thing the driver believes the last.</summary>
    private static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        NpgsqlConnectionStringBuilder connection;
        try
        {
            connection = new(connectionString);
        }
        catch (ArgumentException)
        {
            throw new InvalidOperationException($"{Key} cannot be read: check its keywords, and put values with a semicolon into quotes.");
        }
        if (connection.Host is { } host && host.AsSpan().IndexOfAny(";=\"' ") >= 0)
            throw new InvalidOperationException($"{Key} names no host but something with a setting in it; correct the host.");
        if (Keywords(connectionString).GroupBy(keyword => keyword, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidOperationException($"{Key} says '{twice.Key}' twice; leave one, and put values with a semicolon into quotes.");
        return connection;
    }

    private static IEnumerable<string> Keywords(string connectionString)
    {
        var (start, quote) = (0, '\0');
        for (var i = 0; i <= connectionString.Length; i++)
        {
            var c = i < connectionString.Length ? connectionString[i] : ';';
            if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'') quote = c;
            else if (c == ';')
            {
                if (connectionString.IndexOf('=', start) is var equals && equals > 0 && equals < i)
                    yield return connectionString[start..equals].Replace(" ", "", StringComparison.Ordinal).Trim(); // 'SSL Mode' is 'SslMode'
                start = i + 1;
            }
        }
    }

    private static void RequireAuthority(string? file)
    {
        if (string.IsNullOrEmpty(file))
            throw new InvalidOperationException($"{Key} must say 'Root Certificate=<ca.pem>' outside Development; add the authority of the server's certificate, or for a public one /etc/ssl/certs/ca-certificates.crt.");
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new InvalidOperationException($"The root certificate '{file}' of {Key} cannot be read ({(File.Exists(file) ? "no readable PEM file" : "there is no such file")}); mount it there.");
        }
        if (authorities.Count == 0)
            throw new InvalidOperationException($"The root certificate '{file}' of {Key} cannot be read (it holds no certificate); mount the authority's PEM file there.");
    }
}
