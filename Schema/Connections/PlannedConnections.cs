using Microsoft.Extensions.Configuration;

namespace Shabou.Schema.Connections;

/// <summary>Whether the server lets in as many connections as AppHost planned: it may be somebody else's, or started with less than AppHost asks of its own.</summary>
public static class PlannedConnections
{
    /// <summary>How many the plan can open at once, with its reserve. Default: not known, and then nothing is said.</summary>
    public const string Key = "Postgres:PlannedConnections";

    /// <summary>Asks how many programs that are no superuser's can be connected at once.</summary>
    public const string Room = "current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - coalesce(current_setting('reserved_connections', true)::int, 0)";

    /// <returns>One sentence, or null when the plan fits.</returns>
    public static string? Objection(IConfiguration configuration, int room) => configuration.GetValue<int>(Key) is var planned && planned > room
        ? $"PostgreSQL lets {room} connections in and the plan needs {planned}: raise max_connections and restart the server, or start fewer replicas."
        : null;
}
