using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.Testing;

namespace Shabou.Bench;

/// <summary>The plans of what the catalog asks PostgreSQL, with a million parts: none may read a large table from end to end.</summary>
internal static class PlanBench
{
    private const int Each = 10;

    public static async Task RunAsync(string database, string redis, int parts)
    {
        var plans = new Plans();
        await using var host = new ServiceHost<ProductView>(Plans.Explaining(database), services => services.ConfigureDbContext<ShabouContext>(options => options.AddInterceptors(plans)),
            ("ConnectionStrings:redis", redis), ("Logging:LogLevel:Default", "Warning"), ("Catalog:Cache:Prefix", "bench:plans"));
        using var client = host.SignedIn();
        var answered = 0;
        foreach (var (_, query) in SearchBench.Kinds(parts))
            for (var i = 0; i < Each; i++) await AskAsync($"/api/v1/products?{query()}");
        foreach (var sort in new[] { "created", "-created", "price", "-price" })
            foreach (var narrow in new[] { "", "&brand=bosch", "&category=freinage", "&brand=bosch,valeo&category=freinage&inStock=true", "&inStock=false&facets=true" })
                await AskAsync($"/api/v1/products?sort={sort}{narrow}");

        // Every GET that the service describes, with a part, a vehicle and a cursor's worth of values.
        var described = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        foreach (var path in described.GetProperty("paths").EnumerateObject().Where(p => p.Value.TryGetProperty("get", out _)).Select(p => p.Name))
        {
            var id = path.StartsWith("/api/v1/vehicles", StringComparison.Ordinal) ? CatalogData.VehicleId(17) : CatalogData.PartId(4_711);
            await AskAsync(path.Replace("{id}", id.ToString(), StringComparison.Ordinal).Replace("{slug}", "bosch", StringComparison.Ordinal));
        }
        foreach (var vehicles in new[] { "make=Renault", "make=Renault&model=Clio", "year=2001", "ktype=10017", "vin=VF1AB0000AA000000" }) await AskAsync($"/api/v1/vehicles?{vehicles}");

        Console.WriteLine($"\nplans: {answered} requests, {plans.Seen} statements explained, {plans.Scans.Count} large tables scanned (goal: 0)");
        foreach (var scan in plans.Scans) Console.WriteLine(scan);

        async Task AskAsync(string address)
        {
            using var response = await client.GetAsync(new Uri(address, UriKind.Relative));
            if ((int)response.StatusCode is >= 500 and not 503) throw // 503: no forecaster here
                 new InvalidOperationException($"{address} answered {response.StatusCode}.");
            answered++;
        }
    }
}
