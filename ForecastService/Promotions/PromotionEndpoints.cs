using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shabou.ForecastService.Demand;
using Shabou.OpenApi;
using Shabou.Schema;
using Shabou.Schema.Forecast;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Promotions;

/// <summary><c>/api/v1/promotions</c>: when parts were, are and will be sold with extra effort.</summary>
internal static class PromotionEndpoints
{
    public static void AddPromotions(this IHostApplicationBuilder builder) => builder.Services.AddScoped<ImportPromotions>();

    public static RouteGroupBuilder MapPromotions(this IEndpointRouteBuilder routes)
    {
        var promotions = routes.MapGroup("/api/v1/promotions").WithTags("Promotions").RequireAuthorization(Policies.User);
        promotions.MapPost("/", ImportAsync).WithName("ImportPromotions").WithSummary("Promotions from CSV or JSON, all of them or none").Accepts<PromotionDocument>("application/json", "text/csv");
        promotions.MapGet("/", ListAsync).WithName("ListPromotions").WithSummary("All promotions, or those of one part");
        promotions.MapDelete("/{id:guid}", DeleteAsync).WithName("DeletePromotion").WithSummary("Forget a promotion; the next training does without it").WithoutVersion();
        return promotions;
    }

    private static Task<Results<Ok<PromotionsImported>, ProblemHttpResult>> ImportAsync(
        HttpContext http, DemandBody body, IOptions<JsonOptions> json, ImportPromotions import, CancellationToken cancellationToken) =>
        CsvUpload.RunAsync(http.Request, body, async stream =>
        {
            var batch = new PromotionBatch();
            if (ReadDemand.IsCsv(http.Request) is true) await CsvBody.ReadAsync(stream, batch.Open, batch.Errors, cancellationToken);
            else await ReadJsonAsync(stream, json.Value, batch, cancellationToken);
            return (batch is { Errors.Count: 0, Rows.Count: > 0 } ? await import.RunAsync(batch, Caller.Of(http), cancellationToken) : null, batch.Errors);
        }, alsoJson: true);

    private static async Task ReadJsonAsync(Stream stream, JsonOptions json, PromotionBatch batch, CancellationToken cancellationToken)
    {
        PromotionDocument? document;
        try
        {
            document = await System.Text.Json.JsonSerializer.DeserializeAsync<PromotionDocument>(stream, json.SerializerOptions, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw new DemandUnreadableException("The gzip body is damaged or cut short.");
        }

        if (document?.Promotions is null) throw new DemandUnreadableException("The body must have 'promotions', a list of sku or group, from and to.");
        for (var i = 0; i < document.Promotions.Count; i++) batch.Add(i + 1, document.Promotions[i]);
    }

    private static async Task<Results<Ok<Page<PromotionView>>, ProblemHttpResult>> ListAsync(
        string? sku, string? after, int? size, HttpContext http, ShabouContext context, Cursors cursors, CancellationToken cancellationToken)
    {
        var list = $"promotions?sku={sku}";
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<Guid>(list, after, out var last, out refusal)) return refusal;
        var promotions = context.Promotions.AsNoTracking();
        if (sku is not null) promotions = promotions.Where(p => p.Sku == sku);
        if (last != default) promotions = promotions.Where(p => p.Id > last);
        var rows = await promotions.OrderBy(p => p.Id).Take(take + 1)
            .Select(p => new PromotionView(p.Id, p.Sku, p.Group, p.From, p.To, p.Kind, p.Name, p.CreatedBy, p.CreatedAt)).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, rows, take, p => cursors.Write(list, p.Id)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, ShabouContext context, CancellationToken cancellationToken) =>
        await context.Promotions.Where(p => p.Id == id).ExecuteDeleteAsync(cancellationToken) > 0 ? TypedResults.NoContent() : Problem.NotFound("promotion", id);
}
