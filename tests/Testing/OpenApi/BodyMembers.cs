using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shabou.Testing.OpenApi;

/// <summary>A member of a body: where it is, and what the document says of it.</summary>
/// <param name="Path">Names and array places from the root down.</param>
public sealed record BodyMember(IReadOnlyList<object> Path, JsonElement Schema, bool Required)
{
    private const string Placeholder = "c0ffee-the-value-under-test";

    public string Name => string.Join('.', Path);

    public bool IsText => Types.Contains("string") && !Schema.TryGetProperty("format", out _) && !Schema.TryGetProperty("enum", out _);

    public bool IsNullable => Types.Contains("null") || (Schema.TryGetProperty("oneOf", out var options) && options.EnumerateArray().Any(o => o.TryGetProperty("type", out var t) && t.ValueEquals("null")));

    public IReadOnlyList<string> Types => !Schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(t => t.GetString()!)] : [type.GetString()!];

    /// <summary>The members of an operation's JSON body, nested ones included; of arrays the first item's.</summary>
    public static IReadOnlyList<BodyMember> Of(ApiOperation operation)
    {
        var schema = operation.RequestContent.Where(c => c.Media == "application/json").Select(c => c.Content.GetProperty("schema")).FirstOrDefault();
        var members = new List<BodyMember>();
        if (schema.ValueKind == JsonValueKind.Object) Walk(schema, [], members, operation.Document, depth: 0);
        return members;
    }

    /// <summary>The body with this as the member's value, JSON or not; null leaves the member out.</summary>
    public string Put(JsonNode body, string? json)
    {
        var parent = body;
        for (var i = 0; i < Path.Count - 1; i++) parent = Step(parent, Path[i], Path[i + 1]);
        if (Path[^1] is not string name) First((JsonArray)parent, Placeholder);
        else if (json is null) ((JsonObject)parent).Remove(name);
        else parent[name] = Placeholder;
        return body.ToJsonString().Replace($"\"{Placeholder}\"", json, StringComparison.Ordinal);
    }

    // What the example leaves out is made, as what the next step needs.
    private static JsonNode Step(JsonNode parent, object step, object next)
    {
        JsonNode Made() => next is int ? new JsonArray() : new JsonObject();
        if (step is string name) return parent[name] ??= Made();
        var items = (JsonArray)parent;
        return items.Count > 0 && items[0] is { } first ? first : First(items, Made());
    }

    private static JsonNode First(JsonArray items, JsonNode value)
    {
        if (items.Count == 0) items.Add(value);
        else items[0] = value;
        return value;
    }

    private static void Walk(JsonElement schema, List<object> path, List<BodyMember> members, JsonElement document, int depth)
    {
        schema = Resolve(schema, document);
        if (depth > 6) return;
        if (schema.TryGetProperty("items", out var items))
        {
            List<object> item = [.. path, 0];
            if (!Resolve(items, document).TryGetProperty("properties", out _)) members.Add(new(item, Resolve(items, document), false));
            Walk(items, item, members, document, depth + 1);
        }
        if (!schema.TryGetProperty("properties", out var properties)) return;
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()).ToHashSet() : [];
        foreach (var property in properties.EnumerateObject())
        {
            List<object> member = [.. path, property.Name];
            var resolved = Resolve(property.Value, document);
            members.Add(new(member, Nullable(property.Value) && !Nullable(resolved) ? property.Value : resolved, required.Contains(property.Name)));
            Walk(property.Value, member, members, document, depth + 1);
        }
    }

    private static bool Nullable(JsonElement schema) => new BodyMember([], schema, false).IsNullable;

    private static JsonElement Resolve(JsonElement schema, JsonElement document)
    {
        if (schema.TryGetProperty("oneOf", out var options))
            foreach (var option in options.EnumerateArray())
                if (option.TryGetProperty("$ref", out _)) schema = option;
        return schema.TryGetProperty("$ref", out var reference) ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]) : schema;
    }
}
