using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.Testing;
using Shabou.Testing.OpenApi;

namespace Shabou.CatalogApi.Tests.Corpus;

/// <summary>A silent catalog that has what the examples of the OpenAPI document name, and that hears every statement sent to its database.</summary>
public sealed class HostileCatalog(TestServers servers) : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, string> _requests = new();
    private readonly ConcurrentDictionary<string, string> _shapes = new();
    private readonly ConcurrentDictionary<string, bool> _heard = new();
    private readonly ConcurrentBag<string> _leaks = [];
    private ServiceHost<ProductView>? _host;
    private ActivityListener? _listener;
    private string _database = "";
    private int _unique;

    public HttpClient Client { get; private set; } = null!;

    public IReadOnlyList<ApiOperation> Operations { get; private set; } = [];

    /// <summary>Forms of the statements seen since the last call, without values, each with the request that sent it first.</summary>
    public Dictionary<string, string> TakeShapes()
    {
        var taken = _shapes.ToDictionary();
        _shapes.Clear();
        _heard.Clear();
        return taken;
    }

    /// <summary>Statements that had a client's text in them.</summary>
    public IReadOnlyCollection<string> Leaks => _leaks;

    public async ValueTask InitializeAsync()
    {
        _database = await servers.CreateDatabaseAsync();
        _host = new ServiceHost<ProductView>(_database, ("ConnectionStrings:redis", servers.Redis), ("Logging:LogLevel:Default", "None"));
        Client = _host.SignedIn();
        Client.DefaultRequestHeaders.Add("X-Client-Note", "hostile");
        Operations = await ApiOperation.ReadAllAsync(Client, TestContext.Current.CancellationToken);
        await SeedAsync();
        var name = new NpgsqlConnectionStringBuilder(_database).Database;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if ((activity.GetTagItem("db.namespace") ?? activity.GetTagItem("db.name")) as string is { } database && database.EndsWith(name!, StringComparison.Ordinal)
                    && (activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is string statement)
                    Hear(statement, activity.TraceId.ToString());
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        _listener?.Dispose();
        Client?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
    }

    /// <summary>Sends it so that its statements are known to be its own.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string what)
    {
        var trace = ActivityTraceId.CreateRandom().ToString();
        _requests[trace] = what;
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        try
        {
            return await Client.SendAsync(request, TestContext.Current.CancellationToken);
        }
        finally
        {
            _requests.TryRemove(trace, out _);
        }
    }

    /// <summary>The example of an operation's body with values that nothing stored has, so that only what is tested can be wrong.</summary>
    public JsonNode? FreshBody(ApiOperation operation)
    {
        var body = operation.BodyExample();
        var item = body is JsonArray rows ? rows[0] : body;
        if (item is not JsonObject members) return body;
        var number = Interlocked.Increment(ref _unique);
        foreach (var member in (string[])["sku", "externalId", "slug"])
            if (members[member] is JsonValue) members[member] = $"fresh-{number}";
        if (members.ContainsKey("gtin")) members["gtin"] = null;
        return body;
    }

    /// <summary>Rows of every table of the catalog and its audit.</summary>
    public async Task<Dictionary<string, long>> CountsAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync(cancellation);
        await using var count = new NpgsqlCommand("""
            SELECT schemaname || '.' || tablename, (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %I.%I', schemaname, tablename), false, true, '')))[1]::text::bigint
            FROM pg_tables WHERE schemaname IN ('catalog', 'ops', 'identity', 'public')
            """, connection);
        await using var rows = await count.ExecuteReaderAsync(cancellation);
        var counts = new Dictionary<string, long>();
        while (await rows.ReadAsync(cancellation)) counts[rows.GetString(0)] = rows.GetInt64(1);
        return counts;
    }

    private void Hear(string statement, string trace)
    {
        if (!_heard.TryAdd(statement, true)) return;
        if (statement.Contains(Hostile.Marker, StringComparison.OrdinalIgnoreCase)) _leaks.Add(statement);
        if (!_requests.TryGetValue(trace, out var request)) return; // the service's own doing, or this test's
        foreach (var shape in ShapesOf(statement)) _shapes.TryAdd(shape, request);
    }

    // Parameters have no number, and what is repeated for each word, value or row stands once.
    private static IEnumerable<string> ShapesOf(string statement)
    {
        var shape = Regex.Replace(statement, @"@\w+|\$\d+", "@p");
        shape = Regex.Replace(shape, @"\s+", " ");
        shape = Regex.Replace(shape, @"(\([^()]*\))(,\s*\1)+", "$1");
        shape = Regex.Replace(shape, @"\bSET (\w+ = @p(, )?)+", "SET columns "); // only what has changed
        return shape.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => string.Join(" && ", part.Split(" && ").Distinct()));
    }

    private async Task SeedAsync()
    {
        await using var context = TestServers.ContextOn(_database);
        var example = Guid.Parse("019a8f2e-5b1c-7d3a-9c44-2f6e0b7a1d58");
        var (brand, category) = (new Brand { Id = example, Name = "Bosch", Slug = "bosch" },
            new Category { Id = example, NameFr = "Plaquettes", NameAr = "فحمات", Slug = "plaquettes-de-frein", Path = "plaquettes-de-frein/" });
        var part = new Product
        {
            Id = example, Sku = "EXAMPLE", NameFr = "Plaquettes", NameAr = "فحمات", BrandId = example, CategoryId = example,
            Price = Money.Tnd(10), VatRate = 19, CreatedAt = DateTimeOffset.UtcNow, UpdatedAt = DateTimeOffset.UtcNow,
        };
        part.RefreshSearch();
        context.AddRange(brand, category, part,
            new Brand { Id = Guid.CreateVersion7(), Name = "Example", Slug = "example" }, new Supplier { Id = example, Name = "Example", Slug = "example" },
            new Category { Id = Guid.CreateVersion7(), NameFr = "Exemple", NameAr = "مثال", Slug = "example", Path = "example/" }, new Warehouse { Id = example, Name = "Example", Slug = "example" },
            new Vehicle { Id = example, Make = "Renault", Model = "Clio", Variant = "1.5 dCi", YearFrom = 2012 });
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
