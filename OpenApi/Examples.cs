using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Shabou.OpenApi;

/// <summary>An example of every contract, put together from its type: members of one name have one example, see <see cref="ExampleValues"/>.</summary>
public sealed class Examples(IOptions<JsonOptions> json, ServiceDescription service)
{
    private const int Deepest = 8;
    private readonly JsonSerializerOptions _options = json.Value.SerializerOptions;

    /// <summary>An example that can be read as the type.</summary>
    public JsonNode? Of(Type type) => Of(type, "", 0);

    /// <summary>The same as a table: what the service says for the operation, else a head and one row.</summary>
    public string CsvOf(Type type, string? operation = null)
    {
        if (operation is not null && service.Examples.TryGetValue(operation, out var table)) return table;
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
                .Select(p => KeyValuePair.Create(p.Name, IsNull(p.Name) && MayBeNull(p) ? null : Of(p.PropertyType, p.Name, depth + 1)))),
            JsonTypeInfoKind.Enumerable when Known(member) is JsonArray known && Fits(known, type) => known,
            JsonTypeInfoKind.Enumerable => new JsonArray(Of(info.ElementType!, Singular(member), depth + 1)),
            JsonTypeInfoKind.Dictionary => new JsonObject([KeyValuePair.Create(ExampleValues.Key(member), Of(info.ElementType!, member, depth + 1))]),
            _ => Value(type, member),
        };
    }

    private JsonNode? Value(Type type, string member)
    {
        if (Known(member) is { } known && Fits(known, type)) return known;
        if (type.IsEnum) return JsonNode.Parse(JsonSerializer.Serialize(Enum.GetValues(type).GetValue(0), type, _options));
        return ExampleValues.Of(type);
    }

    private bool IsNull(string member) => service.Examples.TryGetValue(member, out var own) ? own == "null" : ExampleValues.IsNull(member);

    private JsonNode? Known(string member) => service.Examples.TryGetValue(member, out var own) ? JsonNode.Parse(own) : ExampleValues.Of(member);

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
