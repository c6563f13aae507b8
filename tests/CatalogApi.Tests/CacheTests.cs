using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Products;
using Shabou.Testing;
using static Shabou.CatalogApi.Tests.CatalogReads;

namespace Shabou.CatalogApi.Tests;

public sealed class CacheTests(Catalog catalog, TestServers servers) : IClassFixture<Catalog>
{
    [Fact]
    public async Task A_write_shows_at_the_next_read_of_every_replica()
    {
        await using var other = catalog.Replica();
        using var elsewhere = other.SignedIn();
        var (part, etag) = await catalog.Client.CreateAsync("FRESH-1");
        var address = $"/api/v1/products/{part.GetProperty("id")}";
        for (var price = 1; price <= 100; price++)
        {
            // Both have it in their memory, then one writes.
            (await catalog.Client.GetAsync(address, Cancellation)).Dispose();
            (await elsewhere.GetAsync(address, Cancellation)).Dispose();
            (await elsewhere.GetAsync("/api/v1/products?q=FRESH", Cancellation)).Dispose();
            etag = await PutPriceAsync(catalog.Client, address, "FRESH-1", price, etag);
            var alone = await elsewhere.GetFromJsonAsync<ProductSummary>(address, Cancellation);
            var listed = await elsewhere.GetFromJsonAsync<ProductPage>("/api/v1/products?q=FRESH", Cancellation);
            Assert.Equal(price, alone!.PriceExclTax);
            Assert.Equal(price, Assert.Single(listed!.Items).PriceExclTax);
        }
    }

    [Fact]
    public async Task Without_Redis_the_answers_are_the_same_and_with_it_again_they_are_not_old()
    {
        var server = ConfigurationOptions.Parse(servers.Redis);
        var endpoint = server.EndPoints[0];
        var (host, port) = endpoint is DnsEndPoint dns ? (dns.Host, dns.Port) : (((IPEndPoint)endpoint).Address.ToString(), ((IPEndPoint)endpoint).Port);
        await using var wire = new Wire(host, port);
        server.EndPoints.Clear();
        server.EndPoints.Add(IPAddress.Loopback, wire.Port);
        if (server.Ssl) server.SslHost ??= host;
        await using var cutOff = catalog.Replica(("ConnectionStrings:redis", server.ToString(includePassword: true)));
        using var client = cutOff.SignedIn();

        var (part, etag) = await catalog.Client.CreateAsync("WIRE-1");
        var address = $"/api/v1/products/{part.GetProperty("id")}";
        var whole = await client.GetStringAsync(address, Cancellation);
        Assert.Equal(whole, await catalog.Client.GetStringAsync(address, Cancellation));

        wire.Cut();
        Assert.Equal(whole, await client.GetStringAsync(address, Cancellation));
        etag = await PutPriceAsync(client, address, "WIRE-1", 7, etag); // the write stands; its notice is owed
        Assert.Equal(7, (await client.GetFromJsonAsync<ProductSummary>(address, Cancellation))!.PriceExclTax);

        wire.Mend();
        // The replica that could not say so tells the others as soon as it can.
        await UntilAsync(async () => (await catalog.Client.GetFromJsonAsync<ProductSummary>(address, Cancellation))!.PriceExclTax == 7);
        await UntilAsync(async () => await cutOff.Services.GetRequiredService<CatalogVersions>().CurrentAsync(CatalogVersions.Lists) is not null);
        await PutPriceAsync(catalog.Client, address, "WIRE-1", 8, etag);
        Assert.Equal(8, (await client.GetFromJsonAsync<ProductSummary>(address, Cancellation))!.PriceExclTax);
    }

    [Fact]
    public async Task An_emptied_Redis_brings_nothing_old_back()
    {
        var (part, etag) = await catalog.Client.CreateAsync("FLUSH-1");
        var address = $"/api/v1/products/{part.GetProperty("id")}";
        (await catalog.Client.GetAsync(address, Cancellation)).Dispose();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis + ",allowAdmin=true");
        var versions = catalog.Services.GetRequiredService<CatalogVersions>();
        var before = await versions.CurrentAsync(CatalogVersions.Lists);
        foreach (var server in redis.GetServers())
            await foreach (var key in server.KeysAsync(pattern: "test:*").WithCancellation(Cancellation)) await redis.GetDatabase().KeyDeleteAsync(key);
        Assert.NotEqual(before, await versions.CurrentAsync(CatalogVersions.Lists));
        await PutPriceAsync(catalog.Client, address, "FLUSH-1", 5, etag);
        Assert.Equal(5, (await catalog.Client.GetFromJsonAsync<ProductSummary>(address, Cancellation))!.PriceExclTax);
    }

    [Fact]
    public async Task Callers_who_miss_the_same_answer_together_cost_one_reading()
    {
        var (part, _) = await catalog.Client.CreateAsync("HERD-1");
        using var outcomes = new Outcomes(catalog.Services);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => catalog.Client.GetStringAsync($"/api/v1/products/{part.GetProperty("id")}", Cancellation)));
        Assert.Single(answers.Distinct());
        Assert.Equal(1, outcomes["miss"]);
        Assert.Equal(0, outcomes["redis"]);
    }

    [Fact]
    public async Task Of_reads_as_shops_have_them_at_least_seven_in_ten_need_no_database()
    {
        const int parts = 10_000, reads = 30_000;
        await catalog.AddAsync(parts);
        await using var context = catalog.Context();
        var ids = context.Products.Select(p => p.Id).Take(parts).ToArray();
        // Zipf with exponent 1: the n-th part is read 1/n as often as the first.
        var sums = new double[ids.Length];
        for (var (i, sum) = (0, 0.0); i < sums.Length; i++) sums[i] = sum += 1.0 / (i + 1);
        var random = new Random(3);
        using var outcomes = new Outcomes(catalog.Services);
        var wanted = Enumerable.Range(0, reads).Select(_ => Array.BinarySearch(sums, random.NextDouble() * sums[^1]) is var at && at < 0 ? ~at : at).ToArray();
        await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation },
            async (part, cancellation) => (await catalog.Client.GetAsync($"/api/v1/products/{ids[part]}", cancellation)).EnsureSuccessStatusCode().Dispose());
        var hits = outcomes["local"] + outcomes["redis"];
        Assert.True(hits >= 0.7 * reads, string.Create(CultureInfo.InvariantCulture, $"{hits} of {reads}"));
    }

    [Theory]
    [InlineData("/api/v1/products?size=10")]
    [InlineData("/api/v1/products?brand=bosch&facets=true")]
    [InlineData("one")]
    public async Task What_the_caller_has_already_is_not_sent_and_not_read(string address)
    {
        if (address == "one") address = $"/api/v1/products/{(await catalog.Client.CreateAsync("SAME-1")).Part.GetProperty("id")}";
        using var first = await catalog.Client.GetAsync(address, Cancellation);
        Assert.Equal("no-cache, private", string.Join(", ", first.Headers.CacheControl!.ToString().Split(", ").Order()));
        using var statements = new StatementCounts("same");
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        request.Headers.Add("X-Request-ID", "same");
        using var again = await catalog.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal([0], statements.Seen);
    }

    private static async Task<string> PutPriceAsync(HttpClient client, string address, string sku, decimal price, string etag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = JsonContent.Create(Catalog.Part(sku, ("priceExclTax", price))) };
        request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(etag));
        using var response = await client.SendAsync(request, Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
        return response.Headers.ETag!.Tag;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition()) await tick.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>How the reads of one service went.</summary>
    private sealed class Outcomes : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, long> _counts = [];

        public Outcomes(IServiceProvider services)
        {
            var meters = services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "shabou.catalog.cache.requests" && instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, measured, tags, _) =>
            {
                lock (_counts) _counts[(string)tags[0].Value!] = this[(string)tags[0].Value!] + measured;
            });
            _listener.Start();
        }

        public long this[string outcome]
        {
            get
            {
                lock (_counts) return _counts.GetValueOrDefault(outcome);
            }
        }

        public void Dispose() => _listener.Dispose();
    }
}
