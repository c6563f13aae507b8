using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shabou.Testing.OpenApi;

namespace Shabou.EndToEnd.Tests;

/// <summary>SQL, scripts, line breaks and ways out of folders in everything that the system takes, through the gateway into the real services.</summary>
/// <remarks>What is taken of the corpus depends on a seed alone. A failure names it; <c>SHABOU_FUZZ_SEED</c> sets another one. The whole is some
/// 200,000 requests; <c>SHABOU_FUZZ_SHARE=10</c> sends a tenth of them.</remarks>
public sealed class HostileInputTests(HostileApp app) : IClassFixture<HostileApp>
{
    private const string SeedVariable = "SHABOU_FUZZ_SEED";
    private const string ShareVariable = "SHABOU_FUZZ_SHARE";
    private static readonly SearchValues<char> s_unsafe = SearchValues.Create("\r\n<>\0");
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(2);
    private static readonly int s_seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var seed) ? seed : 6;
    private static readonly int s_share = int.TryParse(Environment.GetEnvironmentVariable(ShareVariable), CultureInfo.InvariantCulture, out var share) ? Math.Max(1, share) : 1;
    private readonly ConcurrentQueue<string> _findings = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A few strings for each text, other ones each; together the places have met all of them several times.</summary>
    [Fact]
    public Task A_sample_of_the_corpus_does_no_harm_anywhere() => AttackAsync(textShare: 200, otherShare: 8_000);

    /// <summary>T14 of the register.</summary>
    [Fact]
    [Trait("Category", "Faults")]
    public async Task No_string_of_the_whole_corpus_does_harm_in_any_text_and_a_sample_of_it_none_in_any_header_number_or_choice()
    {
        Assert.True(Hostile.All.Count(h => h.Kind == "sql") >= 200 && Hostile.All.Count(h => h.Kind == "xss") >= 100);
        await AttackAsync(textShare: s_share, otherShare: 100 * s_share);
    }

    private async Task AttackAsync(double textShare, double otherShare)
    {
        var (places, requests) = (0, 0);
        var slowest = (Took: TimeSpan.Zero, What: "");
        var statuses = new ConcurrentDictionary<HttpStatusCode, int>();
        var clock = Stopwatch.StartNew();
        foreach (var operation in app.Operations)
        {
            var (status, _) = await OneAsync(new(operation), null); // what is wrong with the example itself is no attack's doing
            if (!operation.Path.StartsWith("/api/v1/auth/", StringComparison.Ordinal) && status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests)
                _findings.Enqueue($"{operation.Method} {operation.Path} answered {(int)status} to its example: nothing behind it is attacked.");
            var before = await app.CountsAsync();
            var writes = 0;
            var everywhere = HostilePlace.Of(operation).ToList();
            places += everywhere.Count;
            var attacks = everywhere.SelectMany(place => place.Sample(s_seed, place.IsText ? textShare : otherShare).Select(hostile => (place, hostile))).ToList();
            requests += attacks.Count;
            await Parallel.ForEachAsync(attacks, new ParallelOptions { MaxDegreeOfParallelism = operation.Method == "GET" ? 4 : 1, CancellationToken = Cancelled }, async (attack, _) =>
            {
                var (answered, took) = await OneAsync(attack.place, attack.hostile);
                // The machine may have been busy: what a string makes slow is slow again.
                if (took > s_longest && await OneAsync(attack.place, attack.hostile) is var (_, again) && again > s_longest) _findings.Enqueue($"{What(attack.place, attack.hostile)} took {took.TotalSeconds:F1} s, and again {again.TotalSeconds:F1} s.");
                statuses.AddOrUpdate(answered, 1, (_, count) => count + 1);
                if ((int)answered is >= 200 and < 300 && operation.Method != "GET") Interlocked.Increment(ref writes);
                lock (statuses) if (took > slowest.Took) slowest = (took, What(attack.place, attack.hostile));
            });
            var after = await app.CountsAsync();
            foreach (var table in before.Keys.Except(after.Keys)) _findings.Enqueue($"{operation.Method} {operation.Path} lost {table}.");
            foreach (var (table, rows) in before.Where(b => writes == 0 && after.GetValueOrDefault(b.Key, -1) != b.Value))
                _findings.Enqueue($"{operation.Method} {operation.Path} changed {table} from {rows} to {after.GetValueOrDefault(table)} rows without a successful write.");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"""
            {requests} requests at {places} places of {app.Operations.Count} operations with seed {s_seed} in {clock.Elapsed.TotalSeconds:F0} s; the slowest took {slowest.Took.TotalMilliseconds:F0} ms: {slowest.What}
            {string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Value} x {(int)s.Key}"))}
            """);
        Assert.True(places >= 1_000, $"Only {places} places were found.");
        Assert.True(_findings.IsEmpty, $"{_findings.Count} findings with {SeedVariable}={s_seed} {ShareVariable}={s_share}, which send the same again:\n{string.Join('\n', _findings.Take(40))}");
    }

    private async Task<(HttpStatusCode Status, TimeSpan Took)> OneAsync(HostilePlace place, Hostile? hostile)
    {
        var (response, took) = await app.SendAsync(place, hostile?.Text ?? "");
        using (response) await CheckAsync(response, What(place, hostile), hostile);
        return (response.StatusCode, took);
    }

    private async Task CheckAsync(HttpResponseMessage response, string what, Hostile? hostile)
    {
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        var begin = body[..Math.Min(600, body.Length)];
        if ((int)response.StatusCode >= 500) _findings.Enqueue($"{what} answered {(int)response.StatusCode}: {begin}");
        if (body.Contains("/problems/rate-limited", StringComparison.Ordinal)) _findings.Enqueue($"{what} was not let through: {begin}");
        if (response.Headers.Contains("X-Injected") || response.Headers.Contains("Set-Cookie")) _findings.Enqueue($"{what} set a header.");
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            foreach (var value in values.Where(value => name != "Link" && value.AsSpan().ContainsAny(s_unsafe))) _findings.Enqueue($"{what} reflected into the header {name}: {value}");
        if (body.Length == 0) return;
        if (response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json")
        {
            try
            {
                JsonNode.Parse(body); // whatever it reflects stands inside JSON strings
            }
            catch (JsonException)
            {
                _findings.Enqueue($"{what} broke out of the JSON: {begin}");
            }
        }
        else if (response.Content.Headers.ContentType?.MediaType != "text/csv" || (hostile is { Text.Length: > 12 } && body.Contains(hostile.Text, StringComparison.Ordinal)))
            _findings.Enqueue($"{what} answered {response.Content.Headers.ContentType}: {begin}");
    }

    private static string What(HostilePlace place, Hostile? hostile) => $"{place.Name} = {JsonSerializer.Serialize(hostile?.Text)}";
}
