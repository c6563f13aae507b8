using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.History;

/// <summary><c>/api/v1/products/{id}/history</c>: who changed a part when; of deleted parts too.</summary>
internal static class HistoryEndpoints
{
    private const string Table = "products";

    public static RouteHandlerBuilder MapHistory(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/products/{id:guid}/history", ListAsync).WithTags("Products").WithName("ListProductHistory").WithSummary("Every change of a part, newest first");

    private static async Task<Results<Ok<Page<HistoryEntry>>, ProblemHttpResult>> ListAsync(
        Guid id, string? after, int? size, Cursors cursors, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        var list = $"history/{id}";
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<long>(list, after, out var last, out refusal)) return refusal;
        var entries = context.AuditEntries.AsNoTracking().Where(e => e.RowId == id && e.TableName == Table);
        if (last != 0) entries = entries.Where(e => e.Id < last);
        var rows = await entries.OrderByDescending(e => e.Id).Take(take + 1).ToListAsync(cancellationToken);
        // A part from before the audit has no entries.
        if (rows.Count == 0 && last == 0 && !await context.Products.AnyAsync(p => p.Id == id, cancellationToken)) return Problem.NotFound("product", id);
        var page = Pages.Cut(http, rows, take, e => cursors.Write(list, e.Id));
        return TypedResults.Ok(new Page<HistoryEntry>([.. page.Items.Select(HistoryEntry.Of)], page.Next));
    }
}
