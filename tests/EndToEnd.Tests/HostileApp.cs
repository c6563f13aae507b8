using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.Testing.OpenApi;

namespace Shabou.EndToEnd.Tests;

/// <summary>A whole system of its own to be attacked, with quotas that let it be, and requests that reach what the demonstration data has.</summary>
public sealed class HostileApp : IAsyncLifetime
{
    private static readonly string[] s_policies = ["default", "training", "prospecting", "login", "refresh", "guessing"];

    private readonly ShabouApp _app = new(
    [
        ("RateLimits__Policies__login__PerAccount", "100000"),
        .. s_policies.SelectMany(policy => ((string, string)[])[($"RateLimits__Policies__{policy}__Requests", "100000"), ($"RateLimits__Policies__{policy}__Window", "00:00:01")]),
    ]);

    private readonly ConcurrentDictionary<string, string?> _examples = new();
    private string _database = "";
    private int _unique;

    public HttpClient Client { get; private set; } = null!;

    public IReadOnlyList<ApiOperation> Operations { get; private set; } = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _app.InitializeAsync();
        await using (var context = await _app.DatabaseAsync()) _database = context.Database.GetConnectionString()!;
        Client = await _app.NewClientAsync();
        await _app.NewKeyAsync(); // the newest is the one that gets revoked
        await WholeAsync();
        // What changes nothing first and what deletes last, or there would be nothing left to attack.
        Operations = [.. (await ApiOperation.ReadAllAsync(Client, Cancelled)).OrderBy(o => o.Method switch { "GET" => 0, "DELETE" => 2, _ => 1 })];
        foreach (var operation in Operations)
            foreach (var parameter in operation.Parameters.Where(p => p.In == "path")) await FindAsync(operation, parameter);
    }

    /// <summary>Sends it with what is stored for its places in the path, and the text in its own; work that it starts is cancelled.</summary>
    public async Task<(HttpResponseMessage Response, TimeSpan Took)> SendAsync(HostilePlace place, string text)
    {
        var operation = place.Operation;
        var body = FreshBody(operation);
        var json = body is null ? null : place.Member is null ? body.ToJsonString() : place.Member.Put(body, JsonSerializer.Serialize(text));
        string? ValueOf(ApiParameter parameter) =>
            parameter == place.Parameter ? text : parameter.In == "path" ? _examples.GetValueOrDefault(ListAt(operation, parameter)) ?? parameter.Example : parameter.Example;
        using var request = place.CsvWith(text) is { } csv ? operation.Request(ValueOf, csv, "text/csv") : operation.Request(ValueOf, json);
        if (place.Header is { } header)
        {
            request.Headers.Remove(header);
            request.Headers.TryAddWithoutValidation(header, text);
        }
        var clock = Stopwatch.StartNew();
        var response = await Client.SendAsync(request, Cancelled);
        var took = clock.Elapsed;
        if (response.StatusCode == HttpStatusCode.Accepted && response.Headers.Location is { } job)
            (await Client.PostAsync(new Uri($"{job}/cancel", UriKind.RelativeOrAbsolute), null, Cancelled)).Dispose();
        return (response, took);
    }

    /// <summary>Rows of every table that clients can change, but those of the queue, which works by itself; counted when the work that was ordered is done.</summary>
    public async Task<Dictionary<string, long>> CountsAsync()
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync(Cancelled);
        await DoneAsync(connection);
        await using var count = new NpgsqlCommand("""
            SELECT schemaname || '.' || tablename, (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %I.%I', schemaname, tablename), false, true, '')))[1]::text::bigint
            FROM pg_tables WHERE schemaname IN ('catalog', 'forecast', 'prospector', 'identity', 'public')
            """, connection);
        await using var rows = await count.ExecuteReaderAsync(Cancelled);
        var counts = new Dictionary<string, long>();
        while (await rows.ReadAsync(Cancelled)) counts[rows.GetString(0)] = rows.GetInt64(1);
        return counts;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _app.DisposeAsync();
    }

    // What was accepted before it was cancelled may be a training that writes thousands of rows, in the middle of the attack on something else.
    private static async Task DoneAsync(NpgsqlConnection connection)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        await using var work = new NpgsqlCommand("SELECT EXISTS (SELECT FROM jobs.jobs WHERE state = 'Running' OR state = 'Available' AND run_at <= now())", connection);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await work.ExecuteScalarAsync(limit.Token) is true) await tick.WaitForNextTickAsync(limit.Token);
    }

    private async Task WholeAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (JsonNode.Parse(await Client.GetStringAsync("/openapi/v1.json", limit.Token))!["x-unavailable"] is not null) await tick.WaitForNextTickAsync(limit.Token);
    }

    // The first that the list at the place before it names, if there is such a list.
    private async Task FindAsync(ApiOperation operation, ApiParameter parameter)
    {
        var list = ListAt(operation, parameter);
        if (_examples.ContainsKey(list) || list.Contains('{', StringComparison.Ordinal)) return;
        using var response = await Client.GetAsync(new Uri($"{list}?size=1", UriKind.Relative), Cancelled);
        var found = response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancelled)) as JsonObject : null;
        _examples[list] = (found?["items"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault()?[parameter.Name]?.ToString();
    }

    private static string ListAt(ApiOperation operation, ApiParameter parameter) => operation.Path[..operation.Path.IndexOf($"/{{{parameter.Name}}}", StringComparison.Ordinal)];

    private JsonNode? FreshBody(ApiOperation operation)
    {
        var body = operation.BodyExample();
        if ((body is JsonArray rows ? rows[0] : body) is not JsonObject members) return body;
        var number = Interlocked.Increment(ref _unique).ToString(CultureInfo.InvariantCulture);
        foreach (var member in (string[])["sku", "externalId", "slug"])
            if (members[member] is JsonValue) members[member] = $"fresh-{number}";
        if (members.ContainsKey("gtin")) members["gtin"] = null;
        return body;
    }
}
