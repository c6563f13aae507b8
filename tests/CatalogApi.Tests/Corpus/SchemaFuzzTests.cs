using System.Text.Json;
using System.Text.Json.Nodes;
using Shabou.Testing.OpenApi;

namespace Shabou.CatalogApi.Tests.Corpus;

public sealed class SchemaFuzzTests(HostileCatalog catalog) : IClassFixture<HostileCatalog>
{
    [Fact]
    public async Task A_body_that_is_not_as_described_is_refused_and_never_an_error_of_ours()
    {
        var findings = new List<string>();
        var tried = 0;
        foreach (var operation in catalog.Operations.Where(o => o.RequestContent.Any(c => c.Media == "application/json")))
        {
            foreach (var member in BodyMember.Of(operation))
                foreach (var (what, json, wrong) in Wrong(member))
                    await TryAsync(operation, $"{member.Name} {what}", member.Put(catalog.FreshBody(operation)!, json), wrong);
            foreach (var (what, body) in Whole(operation)) await TryAsync(operation, what, body, wrong: true);
        }
        Assert.True(tried > 100, $"Only {tried} bodies were tried.");
        Assert.True(findings.Count == 0, $"{findings.Count} of {tried}:\n{string.Join('\n', findings.Take(40))}");

        async Task TryAsync(ApiOperation operation, string what, string body, bool wrong)
        {
            tried++;
            using var request = operation.Request(p => p.Example, body);
            using var response = await catalog.SendAsync(request, what);
            var status = (int)response.StatusCode;
            var problem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
            if (status >= 500 || (status >= 400 && !problem) || (wrong && status is not (400 or 422)))
                findings.Add($"{operation.Method} {operation.Path}: {what} answered {status} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        }
    }

    /// <summary>What may be wrong with a member, and whether the document forbids it.</summary>
    private static IEnumerable<(string What, string? Json, bool Wrong)> Wrong(BodyMember member)
    {
        if (member.Path[^1] is string) yield return ("missing", null, member.Required);
        yield return ("null", "null", !member.IsNullable);
        yield return ("NaN", "NaN", true);
        yield return ("Infinity", "-Infinity", true);
        var numeric = member.Types.Contains("number") || member.Types.Contains("integer");
        yield return ("huge", "1e400", true);
        yield return ("many digits", new string('9', 400), true);
        yield return ("an object", """{"a":1}""", !member.Schema.TryGetProperty("$ref", out _) || member.Types.Count > 0);
        yield return ("an array in an array", "[[1]]", true);
        yield return ("a truth value", "true", !member.Types.Contains("boolean"));
        if (!member.Types.Contains("string")) yield return ("a text", "\"text\"", true);
        if (!numeric) yield return ("a number", "1", true);
        if (member.Schema.TryGetProperty("maxLength", out var length)) yield return ("one too long", JsonSerializer.Serialize(new string('a', length.GetInt32() + 1)), true);
        if (member.Schema.TryGetProperty("maxItems", out var items)) yield return ("one too many", $"[{string.Join(',', Enumerable.Repeat("{}", items.GetInt32() + 1))}]", true);
        if (member.Schema.TryGetProperty("maximum", out var most) && most.ValueKind == JsonValueKind.Number) yield return ("one too large", (most.GetDecimal() + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), true);
        if (member.Schema.TryGetProperty("minimum", out var least) && least.ValueKind == JsonValueKind.Number) yield return ("one too small", (least.GetDecimal() - 1).ToString(System.Globalization.CultureInfo.InvariantCulture), true);
        yield return ("with NUL", "\"a\\u0000b\"", true);
        yield return ("half a surrogate pair", "\"a\\ud800b\"", true);
    }

    private IEnumerable<(string What, string Body)> Whole(ApiOperation operation)
    {
        foreach (var body in (string[])["", "null", "1", "\"text\"", "{", "[", "{]", "NaN", "{}}", new string('[', 2_000)]) yield return ($"the body {body[..Math.Min(10, body.Length)]}", body);
        var fresh = catalog.FreshBody(operation)!;
        if ((fresh is JsonArray rows ? rows[0] : fresh) is JsonObject members)
        {
            members["unheardOf"] = 1;
            yield return ("an unknown member", fresh.ToJsonString());
        }
        if (fresh is JsonObject) yield return ("an array around it", $"[{catalog.FreshBody(operation)!.ToJsonString()}]");
    }
}
