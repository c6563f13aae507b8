using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shabou.Testing.OpenApi;

namespace Shabou.EndToEnd.Tests;

/// <summary>The document of all services, from the real ones: whole, true, and no worse than what clients were written against.</summary>
public sealed class ApiDescriptionTests(ShabouApp app)
{
    private const string Update = "SHABOU_UPDATE_API";
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string s_root = Path.Combine(Projects.AppHost.ProjectPath, "..");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_is_described_so_that_a_stranger_can_call_it()
    {
        var missing = new List<string>();
        var operations = await OperationsAsync();
        foreach (var operation in operations)
        {
            var responses = operation.Json.GetProperty("responses").EnumerateObject().Select(r => r.Name).ToList();
            Expect(operation.Id.Length > 0, "an operationId");
            Expect(!string.IsNullOrWhiteSpace(operation.Text("summary")), "a summary");
            Expect(operation.Json.TryGetProperty("tags", out var tags) && tags.GetArrayLength() > 0, "a tag");
            Expect(responses.Exists(status => status[0] == '2'), "an answer when all is well");
            Expect(responses.Exists(status => status[0] == '4'), "a refusal");
            Expect(responses.Contains("429"), "the limit");
            Expect(operation.Json.TryGetProperty("security", out _) || operation.Document.GetProperty("security").GetArrayLength() > 0, "a way to authenticate");
            foreach (var parameter in operation.Parameters) Expect(!string.IsNullOrWhiteSpace(parameter.Description), $"a description of its parameter '{parameter.Name}'");
            foreach (var (media, content) in operation.RequestContent) Expect(content.TryGetProperty("example", out _), $"an example of its {media} body");

            void Expect(bool there, string what)
            {
                if (!there) missing.Add($"{operation.Method} {operation.Path} lacks {what}.");
            }
        }
        missing.AddRange(operations.GroupBy(o => o.Id).Where(same => same.Count() > 1).Select(same => $"{same.Count()} operations are called {same.Key}."));
        Assert.True(missing.Count == 0, string.Join('\n', missing));
        Assert.True(operations.Count >= 90, $"Only {operations.Count} operations are described.");
    }

    [Fact]
    public async Task Every_reference_in_the_document_leads_somewhere()
    {
        var document = await WholeAsync();
        var text = document.ToJsonString();
        var lost = Regex.Matches(text, "\"#/([^\"]+)\"").Select(match => match.Groups[1].Value).Distinct()
            .Where(reference => reference.Split('/').Aggregate((JsonNode?)document, (node, name) => (node as JsonObject)?[name]) is null).ToList();
        Assert.Empty(lost);
    }

    [Fact]
    public async Task Every_route_of_the_gateway_is_described_and_every_described_operation_is_routed()
    {
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(s_root, "Gateway/appsettings.json"), Cancelled), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })!;
        var routes = settings["ReverseProxy"]!["Routes"]!.AsObject().Select(route => (Name: route.Key, Match: route.Value!["Match"]!)).ToList();
        var operations = await OperationsAsync();
        var undescribed = routes.Where(route => !operations.Exists(operation => Matches(route.Match, operation))).Select(route => route.Name);
        Assert.Empty(undescribed);

        // What the gateway answers itself needs no route; what neither routes nor answers says nothing of its own.
        using var client = await app.NewClientAsync();
        foreach (var operation in operations.Where(operation => !routes.Exists(route => Matches(route.Match, operation))))
        {
            if (operation.Id == "RotateSigningKeys") continue; // it could end the tokens of other journeys
            using var request = operation.Request(p => p.Example);
            using var response = await client.SendAsync(request, Cancelled);
            var said = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancelled) is { Length: > 0 } text ? text : "{}");
            Assert.True((int)response.StatusCode is not 405 && ((int)response.StatusCode != 404 || (string?)said!["detail"] is not null), $"{operation.Method} {operation.Path} is described, but nobody answers it.");
        }
    }

    [Fact]
    public async Task Nothing_that_clients_rely_on_is_gone()
    {
        var file = Path.Combine(s_root, "docs/openapi-v1.json");
        var now = await WholeAsync();
        if (Environment.GetEnvironmentVariable(Update) is "1") await File.WriteAllTextAsync(file, now.ToJsonString(s_readable) + "\n", Cancelled);
        var broken = ApiChanges.Breaking(JsonNode.Parse(await File.ReadAllTextAsync(file, Cancelled))!, now);
        Assert.True(broken.Count == 0, $"Clients of /api/v1 would break:\n{string.Join('\n', broken)}\nKeep what they rely on. If nobody does yet, take the new state as docs/openapi-v1.json: run this test with {Update}=1.");
    }

    private static bool Matches(JsonNode match, ApiOperation operation)
    {
        var path = Regex.Escape(match["Path"]!.GetValue<string>()).Replace(@"/\{\*\*rest}", "(/.*)?", StringComparison.Ordinal);
        path = Regex.Replace(path, @"\\\{[^}]*\}", "[^/]+");
        return Regex.IsMatch(operation.Path, $"^{path}$") && (match["Methods"] is not JsonArray methods || methods.Any(method => method!.GetValue<string>() == operation.Method));
    }

    /// <summary>The document once all services have handed over their parts, which on a busy machine may be late.</summary>
    private async Task<JsonNode> WholeAsync()
    {
        using var client = app.Anonymous();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (true)
        {
            var document = JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json", limit.Token))!;
            if (document["x-unavailable"] is null) return document;
            await tick.WaitForNextTickAsync(limit.Token);
        }
    }

    private async Task<List<ApiOperation>> OperationsAsync()
    {
        await WholeAsync();
        using var client = app.Anonymous();
        return await ApiOperation.ReadAllAsync(client, Cancelled);
    }
}
