using System.Text.Json;
using Shabou.Schema.Ops;

namespace Shabou.CatalogApi.History;

/// <summary>One change of a part, as the database wrote it down.</summary>
/// <param name="Actor">Id of the caller, or <c>system</c>.</param>
/// <param name="Action">created, updated, deleted or restored.</param>
/// <param name="TraceId">Of the request that made it.</param>
/// <param name="Before">The row's columns before it, in camel case: <c>nameFr</c>, <c>priceAmount</c>, <c>brandId</c> ...; null when the part is new.</param>
/// <param name="After">The row's columns after it.</param>
public sealed record HistoryEntry(
    DateTimeOffset At, string Actor, string Action, string? TraceId, IReadOnlyDictionary<string, JsonElement>? Before, IReadOnlyDictionary<string, JsonElement>? After)
{
    internal static HistoryEntry Of(AuditEntry entry) => new(entry.At, entry.Actor, entry.Action, entry.TraceId, Columns(entry.Before), Columns(entry.After));

    private static Dictionary<string, JsonElement>? Columns(string? row) =>
        row is null ? null : JsonSerializer.Deserialize<JsonElement>(row).EnumerateObject().ToDictionary(column => CamelCase(column.Name), column => column.Value);

    private static string CamelCase(string column) => string.Concat(column.Split('_').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
