using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Warehouses;
using Shabou.Idempotency;
using Shabou.OpenApi;
using Shabou.Schema;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Stock;

/// <summary><c>/api/v1/stock</c> and <c>/api/v1/products/{id}/stock</c>: what lies where, and for whom.</summary>
internal static class StockEndpoints
{
    private const string Reservations = "/api/v1/stock/reservations";

    public static void AddStock(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<StockOptions>().BindConfiguration(StockOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddScoped<StockLevels>();
        builder.Services.AddScoped<Reserve>();
        builder.Services.AddScoped<EndReservation>();
        builder.Services.AddScoped<LapsedReservations>();
        builder.Services.AddHostedService<ReservationSweeper>();
    }

    public static void MapStock(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/products/{id:guid}/stock", ListAsync).WithTags("Stock").WithName("ListStock").WithSummary("How much of a part lies in each warehouse");
        routes.MapPut("/api/v1/stock/levels", CountAsync).WithTags("Stock").WithName("CountStock").WithSummary("Set how much of a part lies in a warehouse").WithoutVersion();
        var reservations = routes.MapGroup(Reservations).WithTags("Stock");
        reservations.MapPost("/", ReserveAsync).WithName("CreateReservation").WithSummary("Set pieces aside, all of them or none").WithIdempotency();
        reservations.MapGet("/{id:guid}", GetAsync).WithName("GetReservation").WithSummary("One reservation");
        reservations.MapDelete("/{id:guid}", ReleaseAsync).WithName("ReleaseReservation").WithSummary("Give reserved pieces back; again and again is fine").WithoutVersion();
        reservations.MapPost("/{id:guid}/fulfil", FulfilAsync).WithName("FulfilReservation").WithSummary("Take reserved pieces off the shelf; again and again is fine");
    }

    private static async Task<Results<Ok<Page<StockView>>, ProblemHttpResult>> ListAsync(
        Guid id, string? after, int? size, Cursors cursors, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        var list = $"stock/{id}";
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<string>(list, after, out var last, out refusal)) return refusal;
        if (!await context.Products.AnyAsync(p => p.Id == id && p.DeletedAt == null, cancellationToken)) return Problem.NotFound("product", id);
        var levels = context.StockLevels.Where(l => l.ProductId == id);
        if (last is not null) levels = levels.Where(l => l.Warehouse!.Slug.CompareTo(last) > 0);
        var rows = await levels.OrderBy(l => l.Warehouse!.Slug).Take(take + 1)
            .Select(l => new StockView(new WarehouseRef(l.Warehouse!.Slug, l.Warehouse.Name), l.OnHand, l.Reserved, l.OnHand - l.Reserved)).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, rows, take, level => cursors.Write(list, level.Warehouse.Slug)));
    }

    private static async Task<Results<Ok<StockView>, ProblemHttpResult>> CountAsync(StockCount count, StockLevels levels, CatalogVersions versions, CancellationToken cancellationToken)
    {
        var (level, problem) = await levels.CountAsync(count, cancellationToken);
        if (level is null) return problem!;
        await versions.ProductChangedAsync(count.Product, cancellationToken);
        return TypedResults.Ok(level);
    }

    private static async Task<Results<Created<ReservationView>, ProblemHttpResult>> ReserveAsync(ReservationWrite write, Reserve reserve, CancellationToken cancellationToken)
    {
        var (reservation, problem) = await reserve.RunAsync(write, cancellationToken);
        return reservation is null ? problem! : TypedResults.Created($"{Reservations}/{reservation.Id}", reservation);
    }

    private static async Task<Results<Ok<ReservationView>, ProblemHttpResult>> GetAsync(Guid id, EndReservation reservations, CancellationToken cancellationToken) =>
        await reservations.FindAsync(id, cancellationToken) is { } reservation ? TypedResults.Ok(reservation) : EndReservation.NotFound(id);

    private static async Task<Results<NoContent, ProblemHttpResult>> ReleaseAsync(Guid id, EndReservation reservations, CancellationToken cancellationToken) =>
        await reservations.ReleaseAsync(id, cancellationToken) is { } problem ? problem : TypedResults.NoContent();

    private static async Task<Results<NoContent, ProblemHttpResult>> FulfilAsync(Guid id, EndReservation reservations, CancellationToken cancellationToken) =>
        await reservations.FulfilAsync(id, cancellationToken) is { } problem ? problem : TypedResults.NoContent();
}
