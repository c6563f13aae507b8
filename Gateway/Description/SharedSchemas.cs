using System.Text.Json.Nodes;

namespace Shabou.Gateway.Description;

/// <summary>Brings the schemas of several documents under one roof: those that are the same stand once, those that only have the same name get their service's before it.</summary>
internal sealed class SharedSchemas
{
    private const string Root = "#/components/schemas/";

    private readonly List<(string Service, List<JsonObject> Operations, Dictionary<string, JsonNode> Schemas)> _parts = [];

    /// <param name="part">Where the operations are from.</param>
    /// <param name="operations">Only what these need is taken.</param>
    internal void Add(ApiPart part, List<JsonObject> operations)
    {
        var all = part.Document.At("components", "schemas") as JsonObject ?? [];
        var needed = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        var open = new Queue<JsonNode>(operations);
        while (open.TryDequeue(out var node))
            foreach (var name in References(node))
                if (!needed.ContainsKey(name) && all[name] is { } schema)
                    open.Enqueue(needed[name] = schema);
        _parts.Add((part.Service, operations, needed));
    }

    /// <summary>Points the operations to the names that hold for all.</summary>
    /// <returns>The schemas under those names.</returns>
    internal JsonObject Rename()
    {
        var ambiguous = Ambiguous();
        var shared = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var (service, operations, schemas) in _parts)
        {
            string NameOf(string name) => ambiguous.Contains(name) ? Prefixed(service, name) : name;
            foreach (var operation in operations) Point(operation, NameOf);
            foreach (var (name, schema) in schemas)
            {
                var copy = schema.DeepClone();
                Point(copy, NameOf);
                shared.TryAdd(NameOf(name), copy);
            }
        }
        return new(shared.Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value)));
    }

    internal static string Prefixed(string service, string name) => $"{char.ToUpperInvariant(service[0])}{service[1..].Replace("-", "", StringComparison.Ordinal)}{name}";

    // A schema that needs an ambiguous one is ambiguous itself, however equal the two look.
    private HashSet<string> Ambiguous()
    {
        var versions = _parts.SelectMany(part => part.Schemas).GroupBy(schema => schema.Key, schema => schema.Value, StringComparer.Ordinal).Where(group => group.Count() > 1).ToDictionary(group => group.Key, group => group.ToList());
        var ambiguous = versions.Where(name => !name.Value.TrueForAll(schema => JsonNode.DeepEquals(schema, name.Value[0]))).Select(name => name.Key).ToHashSet(StringComparer.Ordinal);
        while (versions.Where(name => !ambiguous.Contains(name.Key) && References(name.Value[0]).Any(ambiguous.Contains)).Select(name => name.Key).ToList() is { Count: > 0 } more)
            ambiguous.UnionWith(more);
        return ambiguous;
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(member => References(member.Value)),
        JsonArray array => array.SelectMany(References),
        JsonValue value when value.TryGetValue(out string? text) && text.StartsWith(Root, StringComparison.Ordinal) => [text[Root.Length..]],
        _ => [],
    };

    private static void Point(JsonNode? node, Func<string, string> nameOf)
    {
        if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
                if (Moved(array[i], nameOf) is { } moved) array[i] = moved;
                else Point(array[i], nameOf);
        }
        if (node is not JsonObject json) return;
        foreach (var (name, value) in json.ToList())
            if (Moved(value, nameOf) is { } moved) json[name] = moved;
            else Point(value, nameOf);
    }

    private static string? Moved(JsonNode? value, Func<string, string> nameOf) =>
        value is JsonValue text && text.TryGetValue(out string? reference) && reference.StartsWith(Root, StringComparison.Ordinal) ? Root + nameOf(reference[Root.Length..]) : null;
}
