using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Shabou.CatalogApi.OpenApi;

/// <summary>An example of every contract, put together from its type: members of one name have one example, see <see cref="ExampleValues"/>.</summary>
internal sealed class Examples(IOptions<JsonOptions> json)
{
    private const int Deepest = 8;
    private readonly JsonSerializerOptions _options = json.Value.SerializerOptions;

    /// <summary>An example that can be read as the type.</summary>
    public JsonNode? Of(Type type) => Of(type, "", 0);

    /// <summary>The same as a table: a head and one row.</summary>
    public string CsvOf(Type type)
    {
        var row = Of(type) is JsonArray rows ? rows[0]!.AsObject() : new JsonObject();
        return $"{string.Join(',', row.Select(member => member.Key))}\n{string.Join(',', row.Select(member => member.Value?.ToString() ?? ""))}\n";
    }

    private JsonNode? Of(Type type, string member, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var info = _options.GetTypeInfo(type);
        return info.Kind switch
        {
            _ when depth > Deepest => null,
            JsonTypeInfoKind.Object => new JsonObject(info.Properties.Where(p => p.Get is not null)
                .Select(p => KeyValuePair.Create(p.Name, ExampleValues.IsNull(p.Name) && MayBeNull(p) ? null : Of(p.PropertyType, p.Name, depth + 1)))),
            JsonTypeInfoKind.Enumerable => new JsonArray(Of(info.ElementType!, Singular(member), depth + 1)),
            JsonTypeInfoKind.Dictionary => new JsonObject([KeyValuePair.Create(ExampleValues.Key(member), Of(info.ElementType!, member, depth + 1))]),
            _ => Value(type, member),
        };
    }

    private JsonNode? Value(Type type, string member)
    {
        if (ExampleValues.Of(member) is { } known && Fits(known, type)) return known;
        if (type.IsEnum) return JsonNode.Parse(JsonSerializer.Serialize(Enum.GetValues(type).GetValue(0), type, _options));
        return ExampleValues.Of(type);
    }

    private bool Fits(JsonNode value, Type type)
    {
        try
        {
            return value.Deserialize(type, _options) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool MayBeNull(JsonPropertyInfo member) => !member.PropertyType.IsValueType || Nullable.GetUnderlyingType(member.PropertyType) is not null;

    private static string Singular(string member) => member.EndsWith('s') ? member[..^1] : member;
}

/// <summary>One example for all members of a name, and for those of a type whose name is not here.</summary>
internal static class ExampleValues
{
    private const string Id = "019a8f2e-5b1c-7d3a-9c44-2f6e0b7a1d58";

    private static readonly Dictionary<string, string> s_members = new(StringComparer.Ordinal)
    {
        ["sku"] = "\"BRK-0451\"", ["externalId"] = "\"ERP-4711\"", ["fr"] = "\"Plaquettes de frein avant\"", ["ar"] = "\"فحمات فرامل أمامية\"", ["en"] = "\"Front brake pads\"",
        ["name"] = "\"Plaquettes de frein avant\"", ["oeNumber"] = "\"06A 905 161 B\"", ["number"] = "\"06A 905 161 B\"", ["maker"] = "\"Volkswagen\"", ["gtin"] = "\"4006381333931\"",
        ["brand"] = "\"bosch\"", ["category"] = "\"plaquettes-de-frein\"", ["supplier"] = "\"stand-pieces\"", ["warehouse"] = "\"sfax\"", ["slug"] = "\"bosch\"", ["parent"] = "\"freinage\"",
        ["path"] = "\"freinage/plaquettes-de-frein/\"", ["priceExclTax"] = "92.5", ["priceInclTax"] = "110.075", ["price"] = "92.5", ["amount"] = "92.5", ["currency"] = "\"TND\"", ["vatRate"] = "19",
        ["baseQuantity"] = "12", ["actor"] = "\"019a8f2e-5b1c-7d3a-9c44-2f6e0b7a1d58\"", ["action"] = "\"updated\"", ["traceId"] = "\"b6bf83a296e9fe3d2615cef2d5a61857\"",
        ["frequency"] = "\"M\"", ["class"] = "\"smooth\"", ["model"] = "\"theta\"", ["modelVersion"] = "\"2026-11-01.1\"", ["mean"] = "12.4", ["stale"] = "false", ["ageSeconds"] = "0",
        ["field"] = "\"gtin\"", ["reason"] = "\"Has 8, 12, 13 or 14 digits, the last of them the check digit.\"", ["make"] = "\"Renault\"", ["type"] = "\"1.5 dCi\"", ["engine"] = "\"K9K 770\"",
        ["kind"] = "\"price-list\"", ["ttl"] = "900", ["ttlSeconds"] = "900", ["year"] = "2015", ["yearFrom"] = "2012", ["yearTo"] = "2019", ["fromYear"] = "2012", ["toYear"] = "2019", ["vinPrefix"] = "\"VF1BR\"", ["column"] = "\"price\"",
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
