using System.Collections.Frozen;

namespace Shabou.Gateway.Identity.Machines;

/// <summary>Which part of the API a key opens, within its role: a service and whether it may change something there. A closed list.</summary>
internal static class Scopes
{
    /// <summary>The gateway's own part: keys, people, health.</summary>
    internal const string Gateway = "gateway";

    private const string Everything = "*";
    private static readonly string[] Services = ["catalog", "forecast", "prospector", Gateway];

    internal static FrozenSet<string> All { get; } =
        Services.SelectMany(service => (string[])[$"{service}:read", $"{service}:write", $"{service}:{Everything}"]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What a request needs: reading is GET, HEAD and OPTIONS, whatever else is writing.</summary>
    internal static string NeededBy(string service, string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) ? $"{service}:read" : $"{service}:write";

    /// <param name="held">A key's scopes; none opens everything.</param>
    internal static bool Open(IReadOnlyList<string> held, string needed) =>
        held.Count == 0 || held.Contains(needed) || held.Contains(string.Concat(needed.AsSpan(0, needed.IndexOf(':', StringComparison.Ordinal) + 1), Everything));
}
