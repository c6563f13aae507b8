namespace Shabou.Standby.Servers;

/// <summary>Who may be written to. A primary that has a standby begins every start read-only, and is opened by its standby's supervisor, who alone knows
/// that it is still the primary. So an old primary that comes back takes no writes before anybody has looked at it, and Npgsql, asked for a server to
/// write to, passes it over.</summary>
/// <remarks>The lock is <c>default_transaction_read_only = on</c> in the server's own settings file. Opening writes <c>off</c>, lets the server read it, and
/// writes <c>on</c> back without letting it read that: the next start does. Whoever else makes the server read its settings locks it until the supervisor looks again.</remarks>
internal static class WriteLock
{
    private const string ReadOnly = "default_transaction_read_only";
    private const string Awaits = "synchronous_standby_names";

    private const string EndSessions = """
        SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN pg_roles r ON r.rolname = a.usename
        WHERE a.backend_type = 'client backend' AND NOT r.rolsuper
        """;

    // A session that is idle when it is told to read the settings reads them before its next command: by then they say `on` again.
    private const string OlderThanSettings = " AND a.backend_start < pg_conf_load_time()";

    /// <summary>Whether <see cref="OpenAsync"/> has anything to do.</summary>
    public static bool IsOpen(ServerState primary) => primary is { IsReadOnly: false, StartsReadOnly: true, Awaits: DatabaseServer.Standby };

    /// <summary>Lets a primary take writes until it is started again, each to be acknowledged when the standby has it too.</summary>
    public static async Task OpenAsync(DatabaseServer primary, CancellationToken cancellationToken)
    {
        await primary.SetAsync([(Awaits, DatabaseServer.Standby), (ReadOnly, "off")], state => state is { IsReadOnly: false, Awaits: DatabaseServer.Standby }, cancellationToken);
        await primary.OrderAsync(cancellationToken, $"ALTER SYSTEM SET {ReadOnly} = 'on'", EndSessions + OlderThanSettings);
    }

    /// <summary>Lets a server that has no standby take writes, acknowledged when they are on its own disk.</summary>
    public static Task OpenAloneAsync(DatabaseServer server, CancellationToken cancellationToken) =>
        server.SetAsync([(Awaits, ""), (ReadOnly, "off")], state => state is { IsReadOnly: false, Awaits: "" }, cancellationToken);

    /// <summary>From now on a commit of the server is acknowledged when its standby has it too.</summary>
    public static Task WaitForStandbyAsync(DatabaseServer server, CancellationToken cancellationToken) =>
        server.SetAsync([(Awaits, DatabaseServer.Standby)], state => state.Awaits == DatabaseServer.Standby, cancellationToken);

    /// <summary>Takes all writes from a server, for good: sessions that begin can only read, and those of services end.</summary>
    /// <remarks>A session that waits for the standby ends without an acknowledgement. It goes on waiting for it: nothing it has not said can be said later.</remarks>
    public static async Task CloseAsync(DatabaseServer server, CancellationToken cancellationToken)
    {
        await server.SetAsync([(Awaits, DatabaseServer.Standby), (ReadOnly, "on")], state => state.IsReadOnly, cancellationToken);
        await EndSessionsAsync(server, cancellationToken);
    }

    /// <summary>Ends the sessions of all who are not superusers.</summary>
    public static Task EndSessionsAsync(DatabaseServer server, CancellationToken cancellationToken) => server.OrderAsync(cancellationToken, EndSessions);
}
