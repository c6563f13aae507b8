using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Description;

/// <summary>The document on the wire: services are Kestrel servers that hand over what the test wrote.</summary>
public sealed class ApiDocumentTests(GatewayFixture fixture) : IAsyncLifetime
{
    private static readonly Uri Document = new("/openapi/v1.json", UriKind.Relative);
    private DescribedService _catalog = null!;
    private DescribedService _forecast = null!;
    private DescribedService _prospector = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _catalog = await DescribedService.StartAsync(DescribedService.With("/api/v1/brands", "ListBrands"));
        _forecast = await DescribedService.StartAsync(DescribedService.With("/api/v1/models", "ListModels"));
        _prospector = await DescribedService.StartAsync(DescribedService.With("/api/v1/leads", "ListLeads"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in (DescribedService[])[_catalog, _forecast, _prospector]) await service.DisposeAsync();
    }

    [Fact]
    public async Task Everybody_reads_one_document_of_all_services_and_the_gateway_itself()
    {
        using var gateway = Gateway();
        using var client = gateway.Client();
        var document = await client.GetFromJsonAsync<JsonElement>(Document, Cancelled);
        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Superset(new HashSet<string> { "/api/v1/brands", "/api/v1/models", "/api/v1/leads", "/api/v1/me" }, paths.ToHashSet());
        Assert.Equal("/", document.GetProperty("servers")[0].GetProperty("url").GetString());
        Assert.Equal("http", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("type").GetString());
        Assert.Equal("X-Api-Key", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("apiKey").GetProperty("name").GetString());
        Assert.Equal(2, document.GetProperty("security").GetArrayLength());
        Assert.False(document.TryGetProperty("x-unavailable", out _));
        var types = document.GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetProperty("properties").GetProperty("type").GetProperty("enum");
        Assert.Contains("/problems/rate-limited", types.EnumerateArray().Select(type => type.GetString()));
    }

    [Fact]
    public async Task A_service_that_is_away_is_named_and_comes_in_when_it_is_back_and_then_stays()
    {
        _forecast.Status = 503;
        using var gateway = Gateway(("Description:RetryEvery", "00:00:00"), ("Description:RefreshEvery", "00:00:00"));
        using var client = gateway.Client();
        var lacking = await client.GetFromJsonAsync<JsonElement>(Document, Cancelled);
        Assert.Equal("forecast", Assert.Single(lacking.GetProperty("x-unavailable").EnumerateArray()).GetString());
        Assert.True(Has(lacking, "/api/v1/brands"));
        Assert.False(Has(lacking, "/api/v1/models"));

        _forecast.Status = 200;
        Assert.True(Has(await client.GetFromJsonAsync<JsonElement>(Document, Cancelled), "/api/v1/models"));

        _forecast.Status = 503;
        var asked = _forecast.Asked;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (_forecast.Asked < asked + 6) // two rounds of a first try and its retries: the first of them is surely in the document
        {
            var last = await client.GetFromJsonAsync<JsonElement>(Document, limit.Token);
            Assert.True(Has(last, "/api/v1/models"));
            Assert.False(last.TryGetProperty("x-unavailable", out _));
            await tick.WaitForNextTickAsync(limit.Token);
        }
    }

    [Fact]
    public async Task What_is_in_the_document_is_refreshed_behind_its_readers()
    {
        using var gateway = Gateway(("Description:RetryEvery", "00:00:00"), ("Description:RefreshEvery", "00:00:00"));
        using var client = gateway.Client();
        Assert.False(Has(await client.GetFromJsonAsync<JsonElement>(Document, Cancelled), "/api/v1/categories"));
        _catalog.Document = DescribedService.With("/api/v1/categories", "ListCategories");
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!Has(await client.GetFromJsonAsync<JsonElement>(Document, limit.Token), "/api/v1/categories")) await tick.WaitForNextTickAsync(limit.Token);
    }

    [Theory]
    [InlineData("this is not JSON")]
    [InlineData("[]")]
    [InlineData("""{ "paths": 1 }""")]
    [InlineData(null)] // larger than a part may be
    public async Task A_service_that_hands_over_something_else_counts_as_away(string? document)
    {
        _forecast.Document = document ?? $$"""{ "paths": {}, "x": "{{new string('a', 20_000)}}" }""";
        using var gateway = Gateway(("Description:MaxPartBytes", "16384"));
        using var client = gateway.Client();
        var lacking = await client.GetFromJsonAsync<JsonElement>(Document, Cancelled);
        Assert.Equal("forecast", Assert.Single(lacking.GetProperty("x-unavailable").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Who_has_the_document_is_told_so_and_who_understands_gzip_gets_it_packed()
    {
        using var gateway = Gateway();
        using var client = gateway.Client();
        using var plain = await client.GetAsync(Document, Cancelled);
        var tag = plain.Headers.ETag!;
        Assert.Equal("no-cache", plain.Header("Cache-Control"));

        using var again = new HttpRequestMessage(HttpMethod.Get, Document) { Headers = { IfNoneMatch = { tag } } };
        using var unchanged = await client.SendAsync(again, Cancelled);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        using var request = new HttpRequestMessage(HttpMethod.Get, Document) { Headers = { { "Accept-Encoding", "br, gzip" } } };
        using var packed = await client.SendAsync(request, Cancelled);
        Assert.Equal("gzip", Assert.Single(packed.Content.Headers.ContentEncoding));
        Assert.Equal(tag, packed.Headers.ETag);
        await using var unpacked = new GZipStream(await packed.Content.ReadAsStreamAsync(Cancelled), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        Assert.Equal(await plain.Content.ReadAsStringAsync(Cancelled), await reader.ReadToEndAsync(Cancelled));
        Assert.Equal(1, _catalog.Asked); // however many read it
    }

    [Fact]
    public async Task Readers_are_counted_by_their_network()
    {
        await using var redis = new RedisServer(); // all tests are of one network
        await redis.InitializeAsync();
        using var gateway = Gateway(("RateLimits:Policies:default:Requests", "2"), ("RateLimits:Policies:default:Window", "01:00:00"), ("ConnectionStrings:redis", $"127.0.0.1:{redis.Port}"));
        using var client = gateway.Client();
        var statuses = new List<HttpStatusCode>();
        foreach (var path in (string[])["/openapi/v1.json", "/docs/index.html", "/openapi/v1.json"])
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
            statuses.Add(response.StatusCode);
        }
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
    }

    [Theory]
    [InlineData("Description:Address", "http://api.example.tn")]
    [InlineData("Description:RefreshEvery", "00:00:01")]
    [InlineData("Description:RetryEvery", "-00:00:01")]
    [InlineData("Description:Patience", "00:00:00")]
    [InlineData("Description:MaxPartBytes", "10")]
    public void A_setting_out_of_range_refuses_to_start_and_is_named(string key, string value)
    {
        using var gateway = Gateway((key, value));
        Assert.Contains(key, Assert.Throws<OptionsValidationException>(gateway.StartServer).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_that_the_document_names_can_be_set()
    {
        using var gateway = Gateway(("Description:Address", "https://api.example.tn/"));
        using var client = gateway.Client();
        var document = await client.GetFromJsonAsync<JsonElement>(Document, Cancelled);
        Assert.Equal("https://api.example.tn", document.GetProperty("servers")[0].GetProperty("url").GetString());
    }

    private GatewayHost Gateway(params (string Key, string? Value)[] settings) => fixture.Gateway(
    [
        ("RateLimits:Policies:default:Requests", "100000"), // all anonymous tests are one network
        ("Services:catalog:http:0", _catalog.Address), ("Services:forecast:http:0", _forecast.Address), ("Services:prospector:http:0", _prospector.Address), .. settings,
    ]);

    private static bool Has(JsonElement document, string path) => document.GetProperty("paths").TryGetProperty(path, out _);
}
