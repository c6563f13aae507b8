using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Slugs;
using Shabou.CatalogApi.Versions;
using Shabou.Idempotency;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.CatalogApi.Warehouses;

/// <summary>Which warehouse.</summary>
public sealed record WarehouseRef(string Slug, string Name);

/// <summary><c>/api/v1/warehouses</c>: where the parts lie, in the order of their slugs.</summary>
internal static class WarehouseEndpoints
{
    private static readonly SlugNoun<Warehouse, WarehouseRef> s_warehouses = new("Warehouse", "Warehouses", r => new WarehouseRef(r.Slug, r.Name), view => view.Slug);

    public static RouteGroupBuilder MapWarehouses(this IEndpointRouteBuilder routes)
    {
        var warehouses = s_warehouses.Map(routes);
        warehouses.MapPost("/", CreateAsync).WithName("CreateWarehouse").WithSummary("Add a warehouse").RequireAuthorization(Policies.Admin).WithIdempotency();
        warehouses.MapPut("/{slug}", UpdateAsync).WithName("UpdateWarehouse").WithSummary("Replace a warehouse").RequireAuthorization(Policies.Admin);
        return warehouses;
    }

    private static Task<Results<Versioned<WarehouseRef>, ProblemHttpResult>> CreateAsync(
        NamedWrite write, ShabouContext context, CatalogVersions versions, TimeProvider time, CancellationToken cancellationToken) =>
        s_warehouses.CreateAsync(new() { Id = Guid.CreateVersion7(time.GetUtcNow()), Slug = write.Slug, Name = write.Name }, context, versions, cancellationToken);

    private static Task<Results<Versioned<WarehouseRef>, ProblemHttpResult>> UpdateAsync(
        string slug, NamedWrite write, HttpContext http, ShabouContext context, CatalogVersions versions, CancellationToken cancellationToken) =>
        s_warehouses.UpdateAsync(slug, write, warehouse => warehouse.Name = write.Name, http, context, versions, cancellationToken);
}
