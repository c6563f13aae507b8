// Stands in for Aspire.StackExchange.Redis 13.4.6, for the part we use: one client for each host.
// Left out: keyed clients, the builder form, and spans of Redis commands (OpenTelemetry.Instrumentation.StackExchangeRedis).
// Delete this project when the feed has the package.

namespace Aspire.StackExchange.Redis;

public sealed class StackExchangeRedisSettings
{
    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }

    public bool DisableTracing { get; set; }

    /// <summary>True by default: the connection is made when it is first asked for. False makes it when the host starts.</summary>
    public bool DisableAutoActivation { get; set; } = true;
}
