using System.Globalization;
using System.Text.Json.Nodes;

namespace Shabou.OpenApi;

/// <summary>One example for all members of a name, and for those of a type whose name is not here.</summary>
internal static class ExampleValues
{
    private const string Id = "019a8f2e-5b1c-7d3a-9c44-2f6e0b7a1d58";

    private static readonly Dictionary<string, string> s_members = new(StringComparer.Ordinal)
    {
        ["sku"] = "\"BRK-0451\"", ["actor"] = $"\"{Id}\"", ["traceId"] = "\"b6bf83a296e9fe3d2615cef2d5a61857\"", ["currency"] = "\"TND\"", ["warehouse"] = "\"sfax\"",
        ["frequency"] = "\"M\"", ["class"] = "\"smooth\"", ["model"] = "\"theta\"", ["modelVersion"] = "\"2026-11-01.1\"", ["mean"] = "12.4", ["column"] = "\"price\"",
        ["queue"] = "\"forecast\"", ["version"] = "\"2026-11-01.1\"",
    };

    private static readonly HashSet<string> s_nulls = new(StringComparer.Ordinal) { "next", "error", "replacedBy", "before", "facets" };

    /// <summary>A fresh node: a node has one parent.</summary>
    public static JsonNode? Of(string member) => s_members.TryGetValue(member, out var value) ? JsonNode.Parse(value) : null;

    public static bool IsNull(string member) => s_nulls.Contains(member);

    public static string Key(string dictionary) => dictionary switch { "quantiles" => "0.5", "after" => "priceAmount", _ => "example" };

    public static JsonNode? Of(Type type) => type switch
    {
        _ when type == typeof(string) => "text",
        _ when type == typeof(char) => "M",
        _ when type == typeof(bool) => true,
        _ when type == typeof(Guid) => Id,
        _ when type == typeof(DateTimeOffset) || type == typeof(DateTime) => "2026-11-21T08:30:00Z",
        _ when type == typeof(DateOnly) => "2026-12-01",
        _ when type == typeof(TimeSpan) => "00:15:00",
        _ when type == typeof(decimal) || type == typeof(double) || type == typeof(float) => JsonNode.Parse("92.5"),
        _ when type.IsPrimitive => JsonNode.Parse(1.ToString(CultureInfo.InvariantCulture)),
        _ => new JsonObject { ["example"] = true },
    };
}
