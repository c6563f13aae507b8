using System.Security.Authentication;
using Npgsql;

namespace Shabou.Schema.Tls;

/// <summary>Tells a server that must not be trusted from one that is only away.</summary>
public static class TlsFault
{
    // The driver has no code for it.
    private const string NoTls = "No SSL enabled connection from this host is configured";

    /// <returns>One sentence with the remedy; null when it is no matter of TLS.</returns>
    public static string? Sentence(Exception? error) => error switch
    {
        null => null,
        AuthenticationException => "PostgreSQL's certificate is not accepted: it has expired, is for another host, or another authority issued it; give the server a valid one for the host that ConnectionStrings:shabou names, and 'Root Certificate' its authority.",
        NpgsqlException plain when plain.Message.Contains(NoTls, StringComparison.Ordinal) =>
            "PostgreSQL offers no TLS, which is required outside Development; set ssl = on with a certificate there, and only hostssl lines in its pg_hba.conf.",
        _ => Sentence(error.InnerException),
    };
}
