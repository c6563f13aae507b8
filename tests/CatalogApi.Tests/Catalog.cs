using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.Testing;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace Shabou.CatalogApi.Tests;

/// <summary>The catalog service on a database of its own with two brands, a small category tree, and as many parts as a test asks for.</summary>
public sealed class Catalog(TestServers servers) : IAsyncLifetime
{
    private ServiceHost<ProductView>? _host;
    private string _database = "";
    private readonly Guid _prefix = Guid.NewGuid(); // databases of other tests share the Redis
    private readonly Plans _plans = new();
    private int _added;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>A context behind the service's back.</summary>
    public ShabouContext Context() => TestServers.ContextOn(_database);

    /// <summary>Another caller; <see cref="Client"/> is an ADMIN.</summary>
    public HttpClient SignedIn(string role, string subject = "test-client") => _host!.SignedIn(role, subject);

    public IServiceProvider Services => _host!.Services;

    public HttpClient Anonymous() => _host!.Anonymous();

    public async ValueTask InitializeAsync()
    {
        SqlCommandCounter.MostPerRequest = 3; // a page is one statement, or three with words to look up and facets; never one per row
        _database = await servers.CreateDatabaseAsync();
        // Tests say when reservations are swept; jobs start without much waiting.
        _host = Replica(("Catalog:Stock:SweepInterval", "01:00:00"), ("Jobs:Poll", "00:00:00.05"));
        Client = _host.SignedIn();
        await using var context = Context();
        context.Brands.AddRange(new Brand { Id = Guid.CreateVersion7(), Name = "Bosch", Slug = "bosch" }, new Brand { Id = Guid.CreateVersion7(), Name = "Valeo", Slug = "valeo" });
        var root = new Category { Id = Guid.CreateVersion7(), NameFr = "Freinage", NameAr = "الفرامل", Slug = "freinage", Path = "freinage/" };
        context.Categories.AddRange(root,
            new Category { Id = Guid.CreateVersion7(), ParentId = root.Id, NameFr = "Plaquettes", NameAr = "فحمات", Slug = "plaquettes", Path = "freinage/plaquettes/" },
            new Category { Id = Guid.CreateVersion7(), NameFr = "Filtration", NameAr = "التصفية", Slug = "filtration", Path = "filtration/" });
        await context.SaveChangesAsync();
    }

    /// <summary>What a client would post, with the given differences.</summary>
    public static Dictionary<string, object?> Part(string sku, params (string Field, object? Value)[] differences)
    {
        var part = new Dictionary<string, object?>
        {
            ["sku"] = sku,
            ["names"] = new { fr = "Plaquettes de frein avant", ar = "فحمات فرامل أمامية" },
            ["brand"] = "bosch",
            ["category"] = "plaquettes",
            ["priceExclTax"] = 92.5m,
            ["vatRate"] = 19,
            ["oeNumber"] = "06A-905.161 B",
        };
        foreach (var (field, value) in differences) part[field] = value;
        return part;
    }

    /// <summary>Adds parts behind the service's back, ids in order.</summary>
    public async Task AddAsync(int count)
    {
        await using var context = Context();
        var brand = await context.Brands.FirstAsync();
        var category = await context.Categories.FirstAsync(c => c.Slug == "filtration");
        var now = DateTimeOffset.UtcNow;
        for (var i = 0; i < count; i++)
        {
            var part = new Product
            {
                Id = Guid.CreateVersion7(now.AddMilliseconds(i)), Sku = $"BULK-{_added++:D5}", NameFr = $"Filtre {i}", NameAr = $"مصفاة {i}",
                BrandId = brand.Id, CategoryId = category.Id, Price = Money.Tnd(10), VatRate = 19, CreatedAt = now, UpdatedAt = now,
            };
            part.RefreshSearch();
            context.Add(part);
        }
        await context.SaveChangesAsync();
    }

    /// <summary>One more process of the service on the same database and Redis; settings win over the usual ones.</summary>
    public ServiceHost<ProductView> Replica(params (string Key, string Value)[] settings) => new(
        Plans.Explaining(_database), services => services.ConfigureDbContext<ShabouContext>(options => options.AddInterceptors(_plans)),
        [("ConnectionStrings:redis", servers.Redis), ("Catalog:Cache:Prefix", $"test:{_prefix:N}"), .. settings]);

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        foreach (var database in new[] { _database, Plans.Explaining(_database) })
        {
            await using var connection = new NpgsqlConnection(database);
            NpgsqlConnection.ClearPool(connection);
        }
        _plans.RequireIndexes();
    }
}
