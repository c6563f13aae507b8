using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shabou.Testing.OpenApi;

namespace Shabou.CatalogApi.Tests.Corpus;

public sealed class CorpusTests(HostileCatalog catalog) : IClassFixture<HostileCatalog>
{
    private static readonly SearchValues<char> s_unsafe = SearchValues.Create("\r\n<>\0"); // Link has angle brackets of its own
    private const int Shares = 10;

    private readonly ConcurrentBag<string> _findings = [];

    [Fact]
    public void The_corpus_is_as_large_as_it_must_be()
    {
        Assert.True(Hostile.All.Count(h => h.Kind == "sql") >= 200);
        Assert.True(Hostile.All.Count(h => h.Kind == "xss") >= 100);
        Assert.True(Hostile.All.Count(h => h.Kind == "crlf") >= 40);
        Assert.True(Hostile.All.Count(h => h.Kind == "traversal") >= 40);
        Assert.Equal(Hostile.All.Count, Hostile.All.Distinct().Count());
    }

    /// <summary>Each place gets a tenth of the corpus, another one each: an operation of ten places has met all strings.</summary>
    [Fact]
    public Task No_string_parameter_of_any_operation_can_be_used_against_the_catalog() => AttackAsync(everything: false);

    [Fact]
    [Trait("Category", "Faults")]
    public Task No_string_of_the_whole_corpus_can_be_used_against_the_catalog_in_any_place() => AttackAsync(everything: true);

    private async Task AttackAsync(bool everything)
    {
        // All that deletes comes later, or there would be nothing to attack.
        foreach (var operation in catalog.Operations.Where(o => o.Method != "DELETE"))
        {
            using var harmless = await SendAsync(operation, parameter: null, member: null, "", "the example");
            await CheckAsync(harmless, $"{operation.Method} {operation.Path}, the example");
        }
        var examples = catalog.TakeShapes();

        var places = 0;
        foreach (var operation in catalog.Operations)
        {
            var before = await catalog.CountsAsync();
            var writes = 0;
            var positions = Positions(operation).ToList();
            await Parallel.ForEachAsync(positions.SelectMany(p => Share(places++, p.Parameter, everything).Select(h => (p.Parameter, p.Member, Hostile: h))).ToList(), Together(operation), async (attack, _) =>
            {
                var what = NameOf(operation, attack.Parameter, attack.Member, attack.Hostile);
                using var response = await SendAsync(operation, attack.Parameter, attack.Member, attack.Hostile.Text, what);
                if (response.IsSuccessStatusCode && operation.Method != "GET") Interlocked.Increment(ref writes);
                await CheckAsync(response, what);
            });
            var after = await catalog.CountsAsync();
            if (writes == 0) foreach (var (table, rows) in before)
                if (after[table] != rows) _findings.Add($"{operation.Method} {operation.Path} changed {table} from {rows} to {after[table]} rows without a successful write.");
            foreach (var table in before.Keys.Except(after.Keys)) _findings.Add($"{operation.Method} {operation.Path} lost {table}.");
            if (after.GetValueOrDefault("catalog.products") - before["catalog.products"] > writes) _findings.Add($"{operation.Method} {operation.Path} made more parts than it answered for.");
        }
        Assert.True(places >= 20, $"Only {places} string parameters were found.");
        Assert.True(_findings.IsEmpty, $"{_findings.Count} findings:\n{string.Join('\n', _findings.Take(30))}");
        Assert.True(catalog.Leaks.Count == 0, $"A client's text became SQL: {catalog.Leaks.FirstOrDefault()}");
        Assert.NotEmpty(examples);
        await AssertHarmlessWordsMakeTheSameStatementsAsync([.. catalog.TakeShapes().Where(s => !examples.ContainsKey(s.Key))]);
    }

    // A statement that only an attack can make is one that the attack has written: each must come from the same words without their signs too.
    private async Task AssertHarmlessWordsMakeTheSameStatementsAsync(List<KeyValuePair<string, string>> suspects)
    {
        var requests = suspects.Select(s => s.Value).ToHashSet();
        foreach (var operation in catalog.Operations)
            foreach (var (parameter, member) in Positions(operation))
                foreach (var hostile in Hostile.All.Where(h => requests.Contains(NameOf(operation, parameter, member, h))))
                    (await SendAsync(operation, parameter, member, hostile.Harmless, "harmless")).Dispose();
        // A text that happens to be somebody's slug deletes it, as it should: so does a slug without signs.
        foreach (var noun in new[] { "brands", "suppliers", "warehouses" })
        {
            (await catalog.Client.PostAsJsonAsync($"/api/v1/{noun}", new { slug = "harmless", name = "Harmless" }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode().Dispose();
            using var delete = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/{noun}/harmless") { Headers = { { "If-Match", "*" } } };
            (await catalog.Client.SendAsync(delete, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode().Dispose();
        }
        foreach (var operation in catalog.Operations.Where(o => o.Method == "DELETE")) (await SendAsync(operation, null, null, "", "harmless")).Dispose();
        var harmless = catalog.TakeShapes();
        var attacks = suspects.Where(s => !harmless.ContainsKey(s.Key)).ToList();
        Assert.True(attacks.Count == 0, $"{attacks.Count} statements that no harmless text makes; the first by {attacks.FirstOrDefault()}");
    }

    private static IEnumerable<Hostile> Share(int place, ApiParameter? parameter, bool everything)
    {
        return Hostile.All.Where((_, i) => everything || i % Shares == place * 3 % Shares) // 3 and Shares have no divisor in common: neighbours get other shares
            .Where(h => parameter?.In != "path" || !h.Text.Contains('\0', StringComparison.Ordinal)); // no server lets NUL in a path through, the test server not even out
    }

    private static IEnumerable<(ApiParameter? Parameter, BodyMember? Member)> Positions(ApiOperation operation) =>
        operation.Parameters.Where(p => p.IsText).Select(p => ((ApiParameter?)p, (BodyMember?)null)).Concat(BodyMember.Of(operation).Where(m => m.IsText).Select(m => ((ApiParameter?)null, (BodyMember?)m)));

    private static string NameOf(ApiOperation operation, ApiParameter? parameter, BodyMember? member, Hostile hostile) =>
        $"{operation.Method} {operation.Path}, {parameter?.Name ?? member!.Name} = {JsonSerializer.Serialize(hostile.Text)}";

    private async Task<HttpResponseMessage> SendAsync(ApiOperation operation, ApiParameter? parameter, BodyMember? member, string text, string what)
    {
        var body = catalog.FreshBody(operation);
        var json = body is null ? null : member is null ? body.ToJsonString() : member.Put(body, JsonSerializer.Serialize(text));
        using var request = operation.Request(p => p == parameter ? text : p.Example, json);
        return await catalog.SendAsync(request, what);
    }

    private async Task CheckAsync(HttpResponseMessage response, string what)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if ((int)response.StatusCode >= 500 && !Expected(response, what)) _findings.Add($"{what} answered {(int)response.StatusCode}: {body}");
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            foreach (var value in values)
                if (value.AsSpan().ContainsAny(s_unsafe) && name != "Link") _findings.Add($"{what} reflected into the header {name}: {value}");
        if (body.Length == 0) return;
        if (response.Content.Headers.ContentType?.MediaType is not ("application/json" or "application/problem+json")) _findings.Add($"{what} answered {response.Content.Headers.ContentType}.");
        try
        {
            JsonNode.Parse(body)?.ToJsonString(); // whatever it reflects stands inside JSON strings
        }
        catch (JsonException)
        {
            _findings.Add($"{what} broke out of the JSON: {body[..Math.Min(300, body.Length)]}");
        }
    }

    // There is no forecast service here, and its absence is told as it must be.
    private static bool Expected(HttpResponseMessage response, string what) => response.StatusCode == HttpStatusCode.ServiceUnavailable && what.Contains("/forecast", StringComparison.Ordinal);

    // Writes of one row would only hinder each other.
    private static ParallelOptions Together(ApiOperation operation) => new() { MaxDegreeOfParallelism = operation.Method is "GET" or "POST" ? 8 : 1, CancellationToken = TestContext.Current.CancellationToken };
}
