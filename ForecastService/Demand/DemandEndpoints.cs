using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Demand;

/// <summary><c>/api/v1/demand</c>: what was sold when.</summary>
internal static class DemandEndpoints
{
    public static void AddDemand(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DemandOptions>().BindConfiguration(DemandOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<DemandBody>();
        builder.Services.AddSingleton<ReadDemand>();
        builder.Services.AddScoped<ImportDemand>();
    }

    public static RouteGroupBuilder MapDemand(this IEndpointRouteBuilder routes)
    {
        var demand = routes.MapGroup("/api/v1/demand").WithTags("Demand").RequireAuthorization(Policies.User);
        demand.MapPost("/", ImportAsync).WithName("ImportDemand").WithSummary("Demand history, all of it or nothing: CSV wide or long, or JSON").Accepts<DemandDocument>("application/json", "text/csv");
        demand.MapPost("/in-stock", ImportFlagsAsync).WithName("ImportInStock").WithSummary("Say in which periods parts were out of stock: the wide CSV with 1 and 0").Accepts<string>("text/csv");
        demand.MapGet("/{sku}", GetAsync).WithName("GetDemand").WithSummary("The demand history of a part");
        return demand;
    }

    private static async Task<Results<Ok<DemandImported>, ProblemHttpResult>> ImportAsync(
        string? frequency, HttpRequest request, ReadDemand read, ImportDemand import, CancellationToken cancellationToken)
    {
        if (frequency is not null && (frequency.Length != 1 || !Periods.IsKnown(frequency[0]))) return Problem.Invalid("frequency", $"must be {Periods.Known}.");
        if (ReadDemand.IsCsv(request) is null) return Problem.Of(ProblemTypes.UnsupportedMedia, "Send text/csv or application/json.");
        if (CsvUpload.RefuseEncoding(request) is { } refusal) return refusal;
        try
        {
            var batch = await read.ReadAsync(request, frequency ?? "M", cancellationToken);
            if (batch.Errors.Count > 0) return CsvUpload.Refuse(batch.Errors);
            if (batch.Values.Count == 0) return Problem.Of(ProblemTypes.Validation, "There is no value in it.");
            return await import.RunAsync(batch, cancellationToken) is { } imported ? TypedResults.Ok(imported) : CsvUpload.Refuse(batch.Errors);
        }
        catch (DemandTooLargeException error)
        {
            return Problem.Of(ProblemTypes.TooLarge, error.Message);
        }
        catch (DemandUnreadableException error)
        {
            return Problem.Of(ProblemTypes.BadRequest, error.Message);
        }
    }

    private static Task<Results<Ok<DemandImported>, ProblemHttpResult>> ImportFlagsAsync(
        HttpRequest request, DemandBody body, ReadDemand read, ImportDemand import, CancellationToken cancellationToken) =>
        CsvUpload.RunAsync(request, body, async stream =>
        {
            var batch = await read.ReadFlagsAsync(stream, cancellationToken);
            return (batch is { Errors.Count: 0, Values.Count: > 0 } ? await import.RunFlagsAsync(batch, cancellationToken) : null, batch.Errors);
        });

    private static async Task<Results<Ok<DemandHistory>, ProblemHttpResult>> GetAsync(string sku, ShabouContext context, CancellationToken cancellationToken) =>
        await context.DemandSeries.AsNoTracking().Where(s => s.Sku == sku)
            .Select(s => new DemandHistory(s.Sku, s.Frequency, s.UpdatedAt,
                s.Observations.OrderBy(o => o.Period).Select(o => new DemandHistoryRow(o.Period, o.Quantity, o.InStock)).ToList()))
            .SingleOrDefaultAsync(cancellationToken) is { } history
            ? TypedResults.Ok(history)
            : Problem.Of(ProblemTypes.NotFound, $"There is no demand of SKU {RowErrors.Quote(sku)}; send it by POST /api/v1/demand.");
}
