using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Idempotency;
using Shabou.Jobs;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Prices;

/// <summary><c>/api/v1/price-lists</c>: what suppliers ask for their parts.</summary>
internal static class PriceListEndpoints
{
    public static void AddPrices(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<UploadPriceList>();
        builder.Services.AddJobHandler<ApplyPriceList, ApplyPriceList.Order>(ApplyPriceList.Kind);
    }

    public static RouteGroupBuilder MapPriceLists(this IEndpointRouteBuilder routes)
    {
        var lists = routes.MapGroup("/api/v1/price-lists").WithTags("Prices");
        lists.MapPost("/", UploadAsync).WithName("UploadPriceList").WithSummary("Load a supplier's price list, CSV or JSON; a job checks and applies it")
            .Accepts<IReadOnlyList<PriceListItem>>("application/json", "text/csv").RequireAuthorization(Policies.Admin).WithIdempotency();
        lists.MapGet("/", ListAsync).WithName("ListPriceLists").WithSummary("Price lists, newest first");
        lists.MapGet("/{id:guid}", GetAsync).WithName("GetPriceList").WithSummary("One price list");
        lists.MapGet("/{id:guid}/errors", ErrorsAsync).WithName("ListPriceListErrors").WithSummary("What is wrong with a list's rows, in the order of its lines");
        lists.MapPost("/{id:guid}/rollback", RollBackPriceList.RollBackAsync).WithName("RollBackPriceList").WithSummary("Take a supplier's current price list back")
            .RequireAuthorization(Policies.Admin).WithIdempotency();
        return lists;
    }

    /// <summary>The list with the ETag of its version; whether it counts changes without the row.</summary>
    public static Ok<PriceListView> Answer(HttpContext http, PriceList list)
    {
        var view = PriceListView.Of(list);
        ETags.Write(http.Response, (view.Counts ? 1UL << 32 : 0) | list.Version);
        return TypedResults.Ok(view);
    }

    private static async Task<Results<Accepted<PriceListAccepted>, ProblemHttpResult>> UploadAsync(
        string supplier, bool? dryRun, string? onError, HttpRequest request, UploadPriceList upload, CancellationToken cancellationToken)
    {
        if (PriceListBody.IsCsv(request) is null) return Problem.Of(ProblemTypes.UnsupportedMedia, "Send text/csv or application/json.");
        if (!PriceListBody.IsKnownEncoding(request)) return Problem.Of(ProblemTypes.UnsupportedMedia, "The Content-Encoding must be gzip, or absent.");
        if (supplier.Length is 0 or > Brand.SlugMaxLength) return Problem.Invalid("supplier", $"must be a supplier's slug, 1 to {Brand.SlugMaxLength} characters; GET /api/v1/suppliers lists them.");
        if (OnErrorWord.Read(onError) is not { } errors) return Problem.Invalid("onError", $"must be {OnErrorWord.All}.");
        return await upload.RunAsync(request, supplier, errors, dryRun ?? false, cancellationToken);
    }

    private static async Task<Results<Ok<Page<PriceListView>>, ProblemHttpResult>> ListAsync(
        string? supplier, string? after, int? size, Cursors cursors, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        const string list = "price-lists";
        if (supplier?.Length > Brand.SlugMaxLength) return Problem.Invalid("supplier", $"must have at most {Brand.SlugMaxLength} characters; GET /api/v1/suppliers lists them.");
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<Guid?>(list, after, out var last, out refusal)) return refusal;
        var lists = context.PriceLists.AsNoTracking().Include(l => l.Supplier).AsQueryable();
        if (!string.IsNullOrEmpty(supplier)) lists = lists.Where(l => l.SupplierId == context.Suppliers.Where(s => s.Slug == supplier).Select(s => s.Id).First());
        if (last is { } before) lists = lists.Where(l => l.Id < before);
        var rows = await lists.OrderByDescending(l => l.Id).Take(take + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, rows.ConvertAll(PriceListView.Of), take, l => cursors.Write(list, l.Id)));
    }

    private static async Task<Results<Ok<PriceListView>, ProblemHttpResult>> GetAsync(Guid id, HttpContext http, ShabouContext context, CancellationToken cancellationToken) =>
        await context.PriceLists.AsNoTracking().Include(l => l.Supplier).SingleOrDefaultAsync(l => l.Id == id, cancellationToken) is { } found ? Answer(http, found) : Problem.NotFound("price list", id);

    private static async Task<Results<Ok<Page<PriceListErrorView>>, ProblemHttpResult>> ErrorsAsync(
        Guid id, string? after, int? size, Cursors cursors, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        var list = $"errors of {id}";
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<int>(list, after, out var last, out refusal)) return refusal;
        var rows = await context.PriceListErrors.AsNoTracking().Where(e => e.PriceListId == id && e.Line > last).OrderBy(e => e.Line).Take(take + 1)
            .Select(e => new PriceListErrorView(e.Line, e.Column, e.Reason)).ToListAsync(cancellationToken);
        if (rows.Count == 0 && !await context.PriceLists.AnyAsync(l => l.Id == id, cancellationToken)) return Problem.NotFound("price list", id);
        return TypedResults.Ok(Pages.Cut(http, rows, take, e => cursors.Write(list, e.Line))); // one error a line
    }
}
