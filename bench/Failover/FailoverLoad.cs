using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Shabou.Bench.Failover;

/// <summary>1,000 requests a minute, whatever came of the ones before: 300 order a job, 300 create a brand, the others read. Remembers what it was told.</summary>
internal sealed class FailoverLoad
{
    private const int PerMinute = 1_000;
    private const string Supplier = "failover";
    private static readonly string[] s_reads = ["/api/v1/products?size=20", "/api/v1/brands?size=20", "/api/v1/suppliers?size=20", "/api/v1/warehouses?size=20"];

    private readonly HttpClient _client;
    private readonly string _sku;
    private readonly ConcurrentQueue<Answer> _answers = [];
    private readonly ConcurrentQueue<string> _brands = [];
    private readonly ConcurrentQueue<(Guid List, Guid Job)> _orders = [];

    private FailoverLoad(HttpClient client, string sku) => (_client, _sku) = (client, sku);

    public IReadOnlyCollection<Answer> Answers => _answers;

    /// <summary>Slugs of brands that were created, as we were told.</summary>
    public IReadOnlyCollection<string> Brands => _brands;

    /// <summary>Price lists that were accepted, as we were told.</summary>
    public IReadOnlyCollection<(Guid List, Guid Job)> Orders => _orders;

    public static async Task<FailoverLoad> PrepareAsync(HttpClient client)
    {
        using var supplier = await client.PostAsJsonAsync("/api/v1/suppliers", new { slug = Supplier, name = "Failover" });
        supplier.EnsureSuccessStatusCode();
        var parts = await client.GetFromJsonAsync<JsonElement>("/api/v1/products?size=1");
        var load = new FailoverLoad(client, parts.GetProperty("items")[0].GetProperty("sku").GetString()!);
        for (var number = 0; number < 20; number++) await load.SendAsync(-1 - number); // code that is compiled, connections that are open
        if (load._answers.FirstOrDefault(a => a.Status is not (200 or 201 or 202)) is { Status: > 0 } failed) throw new InvalidOperationException($"Before anything happened a request was answered {failed.Status} {failed.Problem}.");
        load._answers.Clear();
        return load;
    }

    public async Task RunAsync(TimeSpan window)
    {
        var clock = Stopwatch.StartNew();
        var sent = new List<Task>();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (clock.Elapsed < window)
        {
            while (sent.Count < PerMinute * clock.Elapsed.TotalMinutes) sent.Add(SendAsync(sent.Count));
            await tick.WaitForNextTickAsync();
        }
        await Task.WhenAll(sent);
    }

    private async Task SendAsync(int number)
    {
        var turn = Math.Abs(number) % 10;
        var (isOrder, isBrand) = (turn is 0 or 3 or 6, turn is 1 or 4 or 7);
        var slug = $"failover-{number + 1_000}";
        using var request = isOrder ? new HttpRequestMessage(HttpMethod.Post, $"/api/v1/price-lists?supplier={Supplier}") { Content = new StringContent($"sku,price\n{_sku},{1 + Math.Abs(number) % 500}.500\n", Encoding.UTF8, "text/csv") }
            : isBrand ? new(HttpMethod.Post, "/api/v1/brands") { Content = JsonContent.Create(new { slug, name = slug }) }
            : new(HttpMethod.Get, s_reads[Math.Abs(number) % s_reads.Length]);
        var since = Stopwatch.GetTimestamp();
        var (status, problem) = (0, "");
        try
        {
            using var response = await _client.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            status = (int)response.StatusCode;
            if (response.StatusCode == HttpStatusCode.Created && isBrand) _brands.Enqueue(slug);
            else if (response.StatusCode == HttpStatusCode.Accepted && isOrder)
            {
                var accepted = JsonSerializer.Deserialize<JsonElement>(body);
                _orders.Enqueue((accepted.GetProperty("id").GetGuid(), accepted.GetProperty("job").GetGuid()));
            }
            else if (!response.IsSuccessStatusCode) problem = Kind(body);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            problem = error.Message;
        }
        _answers.Enqueue(new(isOrder || isBrand, isOrder, status, problem, Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(since)));
    }

    private static string Kind(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("type").GetString() ?? "";
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return body.Length > 80 ? body[..80] : body;
        }
    }
}

/// <param name="IsWrite">It creates something.</param>
/// <param name="IsOrder">It orders a job.</param>
/// <param name="Status">0: nothing was answered.</param>
/// <param name="Problem">Type of the problem, or why nothing was answered.</param>
/// <param name="At">Timestamp of the answer.</param>
/// <param name="Took">Since it was sent.</param>
internal readonly record struct Answer(bool IsWrite, bool IsOrder, int Status, string Problem, long At, TimeSpan Took);
