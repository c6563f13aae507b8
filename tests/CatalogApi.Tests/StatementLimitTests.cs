using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.Testing;
using static Shabou.CatalogApi.Tests.CatalogReads;

namespace Shabou.CatalogApi.Tests;

public sealed class StatementLimitTests(Catalog catalog) : IClassFixture<Catalog>
{
    [Fact]
    public async Task A_request_that_asks_the_database_once_per_row_fails()
    {
        // What the disease looks like, inside a request's activity.
        using var source = new ActivitySource("n+1");
        using var listener = new ActivityListener { ShouldListenTo = s => s.Name == "n+1", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        using var request = source.StartActivity("request")!;
        var count = new StrongBox<int>();
        request.SetCustomProperty(SqlCommandCounter.Property, count);
        await using var context = catalog.Context();
        var each = async () =>
        {
            for (var row = 0; row < 4; row++) await context.QueryAsync("SELECT 1", [], (_, _) => Task.FromResult(0), Cancellation);
        };
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(each);
        Assert.Contains("more than 3", failed.Message, StringComparison.Ordinal);
        count.Value = 0;
        SqlCommandCounter.AllowMany();
        await each();
        Assert.Equal(4, count.Value);
    }

    [Theory]
    [InlineData("/api/v1/products?size=100", 1)]
    [InlineData("/api/v1/products?size=100&facets=true", 2)]
    [InlineData("/api/v1/products?size=100&facets=true&brand=bosch&category=freinage&q=plaqette+frien&sort=price&minPrice=1", 3)]
    public async Task A_page_of_100_with_brand_and_category_costs_this_many_statements(string address, int statements)
    {
        await catalog.AddAsync(120);
        using var counts = new StatementCounts("counted");
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "X-Request-ID", "counted" } } };
        using var response = await catalog.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([statements], counts.Seen);
    }

    [Fact]
    public async Task A_statement_that_no_index_serves_is_found_out()
    {
        var plans = new Plans();
        var options = new DbContextOptionsBuilder<ShabouContext>().UseNpgsql(Plans.Explaining(catalog.Context().Database.GetConnectionString()!)).AddInterceptors(plans).Options;
        await using var context = new ShabouContext(options);
        await context.Products.Where(p => p.Id == Guid.Empty).Select(p => p.Sku).ToListAsync(Cancellation);
        Assert.True(plans.Seen > 0);
        await context.Products.Where(p => p.NameFr == "Bougie").Select(p => p.Sku).ToListAsync(Cancellation);
        Assert.Contains("name_fr", Assert.ThrowsAny<Exception>(plans.RequireIndexes).Message, StringComparison.Ordinal);
    }
}
