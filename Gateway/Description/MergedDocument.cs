using System.Text.Json.Nodes;

namespace Shabou.Gateway.Description;

/// <summary>A service's own OpenAPI document. Merging takes it apart.</summary>
internal sealed record ApiPart(string Service, JsonObject Document);

/// <summary>Puts the documents of several services into one: what is not routed is left out, names that mean different things get the
/// service's name before them, refusals that all share stand once. The order is alphabetical, so that the same content has the same bytes.</summary>
/// <param name="owner">The service that answers a method of a path.</param>
internal sealed class MergedDocument(Func<string, string, string?> owner)
{
    private static readonly string[] s_methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    private readonly SortedDictionary<string, JsonObject> _paths = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, JsonNode> _tags = new(StringComparer.Ordinal);
    private readonly HashSet<string> _operationIds = new(StringComparer.Ordinal);
    private readonly SharedProblems _problems = new();

    /// <param name="own">The gateway's; its title, schemes and form of problems are those of all.</param>
    /// <param name="services">Those of the services.</param>
    /// <param name="missing">Services whose document is not known.</param>
    /// <param name="address">The gateway's, or null for "here".</param>
    internal JsonObject Merge(ApiPart own, IEnumerable<ApiPart> services, IReadOnlyList<string> missing, Uri? address)
    {
        var schemas = new SharedSchemas();
        foreach (var part in services.Prepend(own)) schemas.Add(part, Take(part, isOwn: part == own));
        var problem = own.Document.At("components", "schemas", SharedProblems.Schema)?.DeepClone();
        var components = new JsonObject { ["schemas"] = schemas.Rename(), ["responses"] = _problems.Responses(), ["securitySchemes"] = own.Document.At("components", "securitySchemes")?.DeepClone() };
        if (problem is not null) components["schemas"]![SharedProblems.Schema] = problem;
        var merged = new JsonObject
        {
            ["openapi"] = own.Document["openapi"]?.DeepClone() ?? "3.1.1",
            ["info"] = new JsonObject { ["title"] = own.Document.At("info", "title")?.DeepClone(), ["description"] = own.Document.At("info", "description")?.DeepClone(), ["version"] = "v1" },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = address?.ToString().TrimEnd('/') ?? "/" }),
            ["paths"] = new JsonObject(_paths.Select(path => KeyValuePair.Create(path.Key, (JsonNode?)path.Value))),
            ["components"] = components,
            ["security"] = own.Document["security"]?.DeepClone(),
            ["tags"] = new JsonArray([.. _tags.Values]),
        };
        if (missing.Count > 0) merged["x-unavailable"] = new JsonArray([.. missing.Select(name => (JsonNode)name)]);
        return merged;
    }

    /// <returns>The operations that are the part's own to describe.</returns>
    private List<JsonObject> Take(ApiPart part, bool isOwn)
    {
        var taken = new List<JsonObject>();
        foreach (var (path, item) in Objects(part.Document["paths"]))
            foreach (var (method, operation) in Objects(item).Where(member => s_methods.Contains(member.Key)).ToList())
            {
                if (owner(method, path) is var service && (isOwn ? service is not null : service != part.Service)) continue;
                item.Remove(method);
                if (!_paths.TryGetValue(path, out var target)) _paths[path] = target = [];
                if (!target.TryAdd(method, operation)) continue;
                Complete(part, operation, isOwn);
                taken.Add(operation);
            }
        return taken;
    }

    private void Complete(ApiPart part, JsonObject operation, bool isOwn)
    {
        if (operation["operationId"] is JsonValue id && id.TryGetValue(out string? name) && !_operationIds.Add(name)) operation["operationId"] = SharedSchemas.Prefixed(part.Service, name);
        _problems.Share(operation, isProxied: !isOwn);
        foreach (var tag in (operation["tags"] as JsonArray ?? []).Select(tag => tag?.ToString()).OfType<string>())
            if (!_tags.ContainsKey(tag))
                _tags[tag] = (part.Document["tags"] as JsonArray)?.FirstOrDefault(t => t.At("name")?.ToString() == tag)?.DeepClone() ?? new JsonObject { ["name"] = tag };
    }

    private static IEnumerable<KeyValuePair<string, JsonObject>> Objects(JsonNode? node) =>
        (node as JsonObject ?? []).Where(member => member.Value is JsonObject).Select(member => KeyValuePair.Create(member.Key, (JsonObject)member.Value!));
}
