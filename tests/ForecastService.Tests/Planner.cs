using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Planning;
using Shabou.Testing;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace Shabou.ForecastService.Tests;

/// <summary>The forecast service on an empty database of its own, and what a demand planner does with it.</summary>
public sealed class Planner(TestServers servers) : IAsyncLifetime
{
    private ServiceHost<DemandDocument>? _host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>For a look behind the service's back.</summary>
    public string Database { get; private set; } = "";

    public TestServers Servers => servers;

    /// <summary>Databases of other tests share the Redis.</summary>
    public string RedisPrefix { get; } = $"test:{Guid.NewGuid():N}";

    public IServiceProvider Services => _host!.Services;

    public HttpClient Client { get; private set; } = null!;

    public HttpClient Anonymous() => _host!.CreateClient(new() { BaseAddress = new Uri("https://localhost") });

    public async ValueTask InitializeAsync()
    {
        Database = await servers.CreateDatabaseAsync();
        _host = Replica();
        Client = _host.SignedIn("USER");
    }

    /// <summary>One more of the service, on the same database and Redis.</summary>
    public ServiceHost<DemandDocument> Replica(params (string Key, string Value)[] settings) => new(Database,
    [
        ("Jobs:Poll", "00:00:00.05"), ("Forecast:Demand:MaxDecompressedBytes", "20000000"), ("ConnectionStrings:redis", servers.Redis), ("Forecast:Models:Prefix", RedisPrefix), .. settings,
    ]);

    public Task<HttpResponseMessage> SendAsync(string csv) => SendAsync(Encoding.UTF8.GetBytes(csv));

    public async Task<HttpResponseMessage> SendAsync(byte[] body, string type = "text/csv", string? encoding = null, string query = "")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
        return await Client.PostAsync($"/api/v1/demand{query}", content, Cancellation);
    }

    /// <summary>Sends CSV that must be right.</summary>
    public async Task<DemandImported> ImportAsync(string csv)
    {
        using var response = await SendAsync(csv);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<DemandImported>(Cancellation))!;
    }

    public static StringContent Csv(string text) => new(text, Encoding.UTF8, "text/csv");

    /// <summary>Sends plans that must be right.</summary>
    public async Task<PlanningImported> PlanAsync(string csv)
    {
        using var response = await Client.PostAsync("/api/v1/planning", Csv(csv), Cancellation);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<PlanningImported>(Cancellation))!;
    }

    /// <summary>Starts a run and waits for its end, five minutes at most: the machine may be busy.</summary>
    public async Task<JsonElement> TrainAsync(object? request = null)
    {
        using var response = await Client.PostAsync("/api/v1/training-runs", request is null ? null : JsonContent.Create(request), Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
        return await UntilAsync(response.Headers.Location!.ToString().Replace("/jobs/", "/training-runs/", StringComparison.Ordinal),
            run => run.GetProperty("state").GetString() is "completed" or "dead");
    }

    /// <summary>Reads until what is read is as expected, five minutes at most: the machine may be busy.</summary>
    public async Task<JsonElement> UntilAsync(string address, Func<JsonElement, bool> expected)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(5));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await tick.WaitForNextTickAsync(limit.Token))
            if (await GetAsync(address) is var read && expected(read)) return read;
        throw new TimeoutException();
    }

    public Task<JsonElement> GetAsync(string address) => Client.GetFromJsonAsync<JsonElement>(address, Cancellation);

    public static async Task<(int Status, JsonElement Problem)> RefusedAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation));
    }

    public static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
    }
}
