using System.Text.Json.Nodes;

namespace Shabou.Testing.OpenApi;

/// <summary>What a client that was written against an older OpenAPI document would stumble over: a sentence for each. What is only new is not named.</summary>
public static class ApiChanges
{
    private const string Root = "#/components/schemas/";
    private static readonly string[] s_methods = ["get", "put", "post", "delete", "patch"];
    private static readonly (string Name, int Direction)[] s_limits = [("maxLength", -1), ("maxItems", -1), ("maximum", -1), ("minLength", 1), ("minItems", 1), ("minimum", 1)];

    public static IReadOnlyList<string> Breaking(JsonNode older, JsonNode newer)
    {
        var broken = new List<string>();
        foreach (var (path, item) in Members(older["paths"]))
            foreach (var method in s_methods.Where(method => item?[method] is not null))
            {
                var what = $"{method.ToUpperInvariant()} {path}";
                if (newer["paths"]?[path]?[method] is not { } now) broken.Add($"{what} is gone.");
                else new Comparison(what, older, newer, broken).Operation(item![method]!, now);
            }
        return broken;
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonNode? node) => node as JsonObject ?? [];

    private static IEnumerable<JsonNode> Items(JsonNode? node) => (node as JsonArray ?? []).OfType<JsonNode>();

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private sealed class Comparison(string what, JsonNode older, JsonNode newer, List<string> broken)
    {
        private readonly HashSet<string> _compared = [];

        public void Operation(JsonNode then, JsonNode now)
        {
            foreach (var parameter in Items(now["parameters"]))
                if (Same(then, parameter) is not { } before)
                {
                    if (IsTrue(parameter["required"])) Say($"needs the new {Place(parameter)}");
                }
                else
                {
                    if (IsTrue(parameter["required"]) && !IsTrue(before["required"])) Say($"needs the {Place(parameter)}, which could be left out");
                    Sent(before["schema"], parameter["schema"], $"the {Place(parameter)}");
                }
            foreach (var parameter in Items(then["parameters"]).Where(p => Same(now, p) is null)) Say($"has no {Place(parameter)} any more");

            if (IsTrue(now["requestBody"]?["required"]) && !IsTrue(then["requestBody"]?["required"])) Say("needs a body, which could be left out");
            foreach (var (media, content) in Members(then["requestBody"]?["content"]))
                if (now["requestBody"]?["content"]?[media] is { } still) Sent(content?["schema"], still["schema"], "the body");
                else Say($"takes no {media} any more");

            foreach (var (status, response) in Members(then["responses"]).Where(r => r.Key[0] == '2'))
                if (now["responses"]?[status] is not { } still) Say($"does not answer {status} any more");
                else
                    foreach (var (media, content) in Members(response?["content"]))
                        if (still["content"]?[media] is { } same) Got(content?["schema"], same["schema"], $"its {status} answer");
                        else Say($"does not answer {status} as {media} any more");
        }

        // What a client sends must still be taken: nothing narrower.
        private void Sent(JsonNode? then, JsonNode? now, string where)
        {
            if (Types(then, older).Except(Types(now, newer)).ToList() is { Count: > 0 } types && Types(now, newer).Count > 0) Say($"takes no {string.Join(" or ", types)} for {where} any more");
            if (!Begin(ref then, ref now, "sent")) return;
            if (Values(now) is { Count: > 0 } allowed && (Values(then).Count == 0 || Values(then).Except(allowed).Any())) Say($"takes fewer values for {where}");
            foreach (var (limit, direction) in s_limits)
                if (Number(now, limit) is { } stricter && (Number(then, limit) is not { } before || Math.Sign(stricter - before) == direction)) Say($"has a stricter {limit} for {where}");
            foreach (var name in Required(now).Except(Required(then))) Say($"needs '{name}' in {where}");
            foreach (var (name, schema) in Members(then!["properties"]))
                if (now!["properties"]?[name] is { } still) Sent(schema, still, $"'{name}' in {where}");
                else if (now["properties"] is not null) Say($"takes no '{name}' in {where} any more");
            Sent(then["items"], now!["items"], $"the items of {where}");
        }

        // What a client reads must still be there: nothing wider, nothing less.
        private void Got(JsonNode? then, JsonNode? now, string where)
        {
            if (Types(now, newer).Except(Types(then, older)).ToList() is { Count: > 0 } types && Types(then, older).Count > 0) Say($"may have {string.Join(" or ", types)} for {where} now");
            if (!Begin(ref then, ref now, "got")) return;
            foreach (var (name, schema) in Members(then!["properties"]))
                if (now!["properties"]?[name] is { } still) Got(schema, still, $"'{name}' in {where}");
                else Say($"has no '{name}' in {where} any more");
            foreach (var name in Required(then).Except(Required(now)).Where(name => now!["properties"]?[name] is not null)) Say($"may leave out '{name}' in {where} now");
            Got(then["items"], now!["items"], $"the items of {where}");
            if (then["additionalProperties"] is JsonObject values && now["additionalProperties"] is JsonObject still2) Got(values, still2, $"the values of {where}");
        }

        private bool Begin(ref JsonNode? then, ref JsonNode? now, string direction)
        {
            if (then is null || now is null) return false;
            if (Reference(then) is { } before && !_compared.Add($"{direction} {before} {Reference(now)}")) return false; // a schema within itself, or met before
            (then, now) = (Resolve(then, older), Resolve(now, newer));
            return true;
        }

        private void Say(string sentence) => broken.Add($"{what} {sentence}.");

        private static JsonNode? Same(JsonNode operation, JsonNode parameter) =>
            Items(operation["parameters"]).FirstOrDefault(p => Text(p["name"]) == Text(parameter["name"]) && Text(p["in"]) == Text(parameter["in"]));

        private static string Place(JsonNode parameter) => $"{Text(parameter["in"])} parameter '{Text(parameter["name"])}'";

        private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool yes) && yes;

        private static decimal? Number(JsonNode? schema, string limit) => schema?[limit] is JsonValue value && decimal.TryParse(value.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

        private static List<string> Required(JsonNode? schema) => [.. Items(schema?["required"]).Select(Text).OfType<string>()];

        private static List<string> Values(JsonNode? schema) => [.. Items(schema?["enum"]).Select(value => value.ToJsonString())];

        private static string? Reference(JsonNode? schema) => Text(schema?["$ref"]) ?? Alternatives(schema).Select(option => Text(option["$ref"])).FirstOrDefault(reference => reference is not null);

        private static IEnumerable<JsonNode> Alternatives(JsonNode? schema) => Items(schema?["oneOf"]).Concat(Items(schema?["anyOf"]));

        // "null or that" is that, with null among its types.
        private static JsonNode Resolve(JsonNode schema, JsonNode document) =>
            Reference(schema) is { } reference && reference.StartsWith(Root, StringComparison.Ordinal) ? document["components"]?["schemas"]?[reference[Root.Length..]] ?? schema : schema;

        private static HashSet<string> Types(JsonNode? schema, JsonNode document)
        {
            if (Text(schema?["$ref"]) is not null) schema = Resolve(schema!, document);
            var types = new HashSet<string>(Items(schema?["type"]).Select(Text).OfType<string>());
            if (Text(schema?["type"]) is { } one) types.Add(one);
            if (types.Contains("number")) types.Add("integer"); // each integer is a number
            foreach (var option in Alternatives(schema)) types.UnionWith(Types(option, document));
            return types;
        }
    }
}
