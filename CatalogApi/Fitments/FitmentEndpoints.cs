using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Products;
using Shabou.CatalogApi.Vehicles;
using Shabou.Schema;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Fitments;

/// <summary><c>/api/v1/products/{id}/fitments</c>: the vehicles that a part fits.</summary>
internal static class FitmentEndpoints
{
    public static void AddFitments(this IHostApplicationBuilder builder) => builder.Services.AddScoped<ReplaceFitments>();

    public static RouteGroupBuilder MapFitments(this IEndpointRouteBuilder routes)
    {
        var fitments = routes.MapGroup("/api/v1/products/{id:guid}/fitments").WithTags("Fitments");
        fitments.MapGet("/", ListAsync).WithName("ListFitments").WithSummary("The vehicles that a part fits");
        fitments.MapPut("/", ReplaceAsync).WithName("ReplaceFitments").WithSummary("Say which vehicles a part fits; If-Match has the part's ETag");
        return fitments;
    }

    private static async Task<Results<Ok<Page<VehicleView>>, ProblemHttpResult>> ListAsync(
        Guid id, string? after, int? size, Cursors cursors, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        if (await ProductVersion.FindAsync(id, context, cancellationToken) is not { } version) return Problem.NotFound("product", id);
        ETags.Write(http.Response, version.ETag); // what a change of them needs; it says nothing about the vehicles themselves
        http.Response.Headers.CacheControl = "no-store";
        var fitting = context.Vehicles.Where(v => context.Fitments.Any(f => f.ProductId == id && f.VehicleId == v.Id));
        return await VehicleList.ReadAsync(fitting, $"fitments/{id}", after, size, cursors, http, cancellationToken);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ReplaceAsync(
        Guid id, FitmentsWrite write, HttpContext http, ReplaceFitments fitments, CatalogVersions versions, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        if (FittedVehicles.Read(write, out var wanted) is { } invalid) return invalid;
        try
        {
            var (version, problem) = await fitments.RunAsync(id, wanted, expected, cancellationToken);
            if (problem is not null) return problem;
            await versions.ProductChangedAsync(id, cancellationToken);
            ETags.Write(http.Response, version);
            return TypedResults.NoContent();
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return Problem.Of(ProblemTypes.Conflict, "A vehicle of the list was deleted just now; GET /api/v1/vehicles lists them.");
        }
    }
}
