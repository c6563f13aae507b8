using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shabou.Testing.OpenApi;

namespace Shabou.EndToEnd.Tests;

/// <summary>SQL, scripts, line breaks and ways out of folders in every text that the system takes, through the gateway into the real services.</summary>
public sealed class HostileInputTests(HostileApp app) : IClassFixture<HostileApp>
{
    private static readonly SearchValues<char> s_unsafe = SearchValues.Create("\r\n<>\0");
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(2);
    private readonly ConcurrentBag<string> _findings = [];

    /// <summary>Each place gets a fortieth of the corpus, another one each: together the places have met all strings several times.</summary>
    [Fact]
    public Task A_sample_of_the_corpus_does_no_harm_in_any_text_of_any_operation() => AttackAsync(share: 40);

    [Fact]
    [Trait("Category", "Faults")]
    public async Task No_string_of_the_whole_corpus_does_harm_in_any_text_of_any_operation_or_takes_2_seconds()
    {
        Assert.True(Hostile.All.Count(h => h.Kind == "sql") >= 200 && Hostile.All.Count(h => h.Kind == "xss") >= 100);
        var slowest = await AttackAsync(share: 1);
        Assert.True(slowest.Took <= s_longest, $"{slowest.What} took {slowest.Took.TotalSeconds:F1} s.");
    }

    private async Task<(TimeSpan Took, string What)> AttackAsync(int share)
    {
        var (places, requests, slowest) = (0, 0, (Took: TimeSpan.Zero, What: ""));
        foreach (var operation in app.Operations)
        {
            await OneAsync(operation, null, null, null); // the example itself: what is wrong with it is no attack's doing
            var before = await app.CountsAsync();
            var writes = 0;
            var attacks = operation.Parameters.Where(p => p.IsText).Select(p => ((ApiParameter?)p, (BodyMember?)null)).Concat(BodyMember.Of(operation).Where(m => m.IsText).Select(m => ((ApiParameter?)null, (BodyMember?)m)))
                .SelectMany(place => Share(places++, place.Item1, share).Select(hostile => (place.Item1, place.Item2, hostile))).ToList();
            requests += attacks.Count;
            await Parallel.ForEachAsync(attacks, new ParallelOptions { MaxDegreeOfParallelism = operation.Method == "GET" ? 4 : 1, CancellationToken = TestContext.Current.CancellationToken }, async (attack, _) =>
            {
                var (changed, took, what) = await OneAsync(operation, attack.Item1, attack.Item2, attack.hostile);
                if (changed) Interlocked.Increment(ref writes);
                lock (_findings) if (took > slowest.Took) slowest = (took, what);
            });
            var after = await app.CountsAsync();
            foreach (var table in before.Keys.Except(after.Keys)) _findings.Add($"{operation.Method} {operation.Path} lost {table}.");
            foreach (var (table, rows) in before.Where(b => writes == 0 && after.GetValueOrDefault(b.Key, -1) != b.Value))
                _findings.Add($"{operation.Method} {operation.Path} changed {table} from {rows} to {after.GetValueOrDefault(table)} rows without a successful write.");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{requests} requests at {places} places of {app.Operations.Count} operations; the slowest took {slowest.Took.TotalMilliseconds:F0} ms: {slowest.What}");
        Assert.True(places >= 100, $"Only {places} places for text were found.");
        Assert.True(_findings.IsEmpty, $"{_findings.Count} findings:\n{string.Join('\n', _findings.Take(40))}");
        return slowest;
    }

    private async Task<(bool Changed, TimeSpan Took, string What)> OneAsync(ApiOperation operation, ApiParameter? parameter, BodyMember? member, Hostile? hostile)
    {
        var what = $"{operation.Method} {operation.Path}, {parameter?.Name ?? member?.Name ?? "the example"} = {JsonSerializer.Serialize(hostile?.Text)}";
        var (response, took) = await app.SendAsync(operation, parameter, member, hostile?.Text ?? "");
        using (response) await CheckAsync(response, what, hostile);
        return (response.IsSuccessStatusCode && operation.Method != "GET", took, what);
    }

    private async Task CheckAsync(HttpResponseMessage response, string what, Hostile? hostile)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if ((int)response.StatusCode >= 500) _findings.Add($"{what} answered {(int)response.StatusCode}: {body}");
        if (response.Headers.Contains("X-Injected") || response.Headers.Contains("Set-Cookie")) _findings.Add($"{what} set a header.");
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            foreach (var value in values.Where(value => name != "Link" && value.AsSpan().ContainsAny(s_unsafe))) _findings.Add($"{what} reflected into the header {name}: {value}");
        if (body.Length == 0) return;
        if (response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json")
        {
            try
            {
                JsonNode.Parse(body); // whatever it reflects stands inside JSON strings
            }
            catch (JsonException)
            {
                _findings.Add($"{what} broke out of the JSON: {body[..Math.Min(300, body.Length)]}");
            }
        }
        else if (response.Content.Headers.ContentType?.MediaType != "text/csv" || (hostile is { Text.Length: > 12 } && body.Contains(hostile.Text, StringComparison.Ordinal)))
            _findings.Add($"{what} answered {response.Content.Headers.ContentType}: {body[..Math.Min(300, body.Length)]}");
    }

    // Without a divisor in common, neighbours get other shares. No server lets NUL in a path through, and this client sends only ASCII in headers.
    private static IEnumerable<Hostile> Share(int place, ApiParameter? parameter, int share) => Hostile.All.Where((_, i) => i % share == place * 3 % share)
        .Where(h => parameter?.In switch { "path" => !h.Text.Contains('\0', StringComparison.Ordinal), "header" => h.Text.All(c => c is >= ' ' and <= '~'), _ => true });
}
