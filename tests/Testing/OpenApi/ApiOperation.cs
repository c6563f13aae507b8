using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shabou.Testing.OpenApi;

/// <summary>A parameter as the OpenAPI document describes it.</summary>
public sealed record ApiParameter(string Name, string In, string? Description, bool IsText, string? Example);

/// <summary>An operation of the OpenAPI document, and how to call it with its own examples.</summary>
public sealed record ApiOperation(string Method, string Path, JsonElement Json, JsonElement Document)
{
    private const string Id0 = "019a8f2e-5b1c-7d3a-9c44-2f6e0b7a1d58";
    private const string Slug0 = "example";
    private const string Root = "/api/";

    public string Id => Text("operationId") ?? "";

    public IReadOnlyList<ApiParameter> Parameters { get; } = [.. Described(Json, Document)];

    public IReadOnlyList<(string Media, JsonElement Content)> RequestContent { get; } = Json.TryGetProperty("requestBody", out var body) ? [.. Contents(body)] : [];

    public static async Task<List<ApiOperation>> ReadAllAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var document = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json", cancellationToken);
        return [.. document.GetProperty("paths").EnumerateObject().Where(p => p.Name.StartsWith(Root, StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => new ApiOperation(operation.Name.ToUpperInvariant(), path.Name, operation.Value, document)))];
    }

    public static IEnumerable<(string Media, JsonElement Content)> Contents(JsonElement body) =>
        body.TryGetProperty("content", out var content) ? content.EnumerateObject().Select(c => (c.Name, c.Value)) : [];

    public string? Text(string member) => Json.TryGetProperty(member, out var text) ? text.GetString() : null;

    /// <summary>The JSON body that the document shows, or null when it has none.</summary>
    public JsonNode? BodyExample() => RequestContent.Where(c => c.Media == "application/json").Select(c => JsonNode.Parse(c.Content.GetProperty("example").GetRawText())).FirstOrDefault();

    /// <summary>A request; what the values are null for is left out.</summary>
    public HttpRequestMessage Request(Func<ApiParameter, string?> value, string? body = null, string? media = null)
    {
        var (path, query) = (Path, new StringBuilder());
        foreach (var parameter in Parameters)
        {
            if (parameter.In == "path") path = path.Replace($"{{{parameter.Name}}}", Uri.EscapeDataString(value(parameter) ?? parameter.Example!), StringComparison.Ordinal);
            if (parameter.In == "query" && value(parameter) is { } sent) query.Append(query.Length == 0 ? '?' : '&').Append(parameter.Name).Append('=').Append(Uri.EscapeDataString(sent));
        }
        var request = new HttpRequestMessage(new HttpMethod(Method), path + query);
        foreach (var parameter in Parameters.Where(p => p.In == "header"))
            if (value(parameter) is { } sent) request.Headers.TryAddWithoutValidation(parameter.Name, sent);
        if (RequestContent.Count > 0) request.Content = new StringContent(body ?? BodyExample()?.ToJsonString() ?? "", Encoding.UTF8, media ?? "application/json");
        return request;
    }

    private static IEnumerable<ApiParameter> Described(JsonElement operation, JsonElement document)
    {
        if (!operation.TryGetProperty("parameters", out var parameters)) yield break;
        foreach (var parameter in parameters.EnumerateArray())
        {
            var (name, place) = (parameter.GetProperty("name").GetString()!, parameter.GetProperty("in").GetString()!);
            var schema = Resolve(parameter.GetProperty("schema"), document);
            var text = IsText(schema, document);
            var description = parameter.TryGetProperty("description", out var d) ? d.GetString() : null;
            yield return new(name, place, description, text, place == "path" ? schema.TryGetProperty("format", out var f) && f.GetString() == "uuid" ? Id0 : Slug0 : name == "If-Match" ? "*" : null);
        }
    }

    private static JsonElement Resolve(JsonElement schema, JsonElement document) =>
        schema.TryGetProperty("$ref", out var reference) ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]) : schema;

    private static bool IsText(JsonElement schema, JsonElement document)
    {
        schema = Resolve(schema, document);
        if (!schema.TryGetProperty("type", out var type)) return true;
        var types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(t => t.GetString())] : new List<string?> { type.GetString() };
        return types.Contains("string") || (types.Contains("array") && IsText(schema.GetProperty("items"), document));
    }
}
