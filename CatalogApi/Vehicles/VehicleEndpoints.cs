using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Audit;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Products;
using Shabou.CatalogApi.Versions;
using Shabou.Idempotency;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Vehicles;

/// <summary><c>/api/v1/vehicles</c>: the types of vehicles that parts fit.</summary>
internal static class VehicleEndpoints
{
    private const string List = "vehicles";

    public static RouteGroupBuilder MapVehicles(this IEndpointRouteBuilder routes)
    {
        var vehicles = routes.MapGroup("/api/v1/vehicles").WithTags("Vehicles");
        vehicles.MapGet("/", ListAsync).WithName("ListVehicles").WithSummary("Vehicles that match, a page at a time");
        vehicles.MapGet("/{id:guid}", GetAsync).WithName("GetVehicle").WithSummary("One vehicle");
        vehicles.MapGet("/{id:guid}/products", ListProductsAsync).WithName("ListVehicleProducts").WithSummary("The parts that fit a vehicle; GET /api/v1/products?vehicle= narrows them further");
        vehicles.MapPost("/", WriteVehicle.CreateAsync).WithName("CreateVehicle").WithSummary("Add a vehicle").WithIdempotency();
        vehicles.MapPut("/{id:guid}", WriteVehicle.UpdateAsync).WithName("UpdateVehicle").WithSummary("Replace a vehicle");
        vehicles.MapDelete("/{id:guid}", DeleteAsync).WithName("DeleteVehicle").WithSummary("Delete a vehicle that no part fits");
        return vehicles;
    }

    private static async Task<Results<Ok<Page<VehicleView>>, ProblemHttpResult>> ListAsync(
        [AsParameters] VehicleFilter filter, string? after, int? size, Cursors cursors, HttpContext http, ShabouContext context, CancellationToken cancellationToken) =>
        filter.Refuse() is { } invalid ? invalid : await VehicleList.ReadAsync(filter.Apply(context.Vehicles), List, after, size, cursors, http, cancellationToken);

    private static async Task<Results<Versioned<VehicleView>, ProblemHttpResult>> GetAsync(Guid id, ShabouContext context, CancellationToken cancellationToken) =>
        await context.Vehicles.AsNoTracking().SingleOrDefaultAsync(v => v.Id == id, cancellationToken) is { } row
            ? new Versioned<VehicleView>(VehicleView.Of(row), row.Version) : Problem.NotFound("vehicle", id);

    private static async Task<Results<JsonAnswer<ProductPage>, ProblemHttpResult>> ListProductsAsync(
        Guid id, string? after, int? size, ProductPages pages, HttpContext http, CancellationToken cancellationToken) =>
        await pages.AnswerAsync(ProductFilter.OfVehicle(id), after, size, http,
            (services, cancellation) => services.GetRequiredService<ShabouContext>().Vehicles.AnyAsync(v => v.Id == id, cancellation), cancellationToken)
        ?? Problem.NotFound("vehicle", id);

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, HttpContext http, ShabouContext context, CatalogVersions versions, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        if (await context.DeleteAsync<Vehicle>("vehicle", id, v => v.Id == id, expected, cancellationToken) is { } problem) return problem;
        await versions.EverythingChangedAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
