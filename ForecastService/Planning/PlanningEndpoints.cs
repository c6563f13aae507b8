using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.ForecastService.Demand;
using Shabou.Schema;
using Shabou.Schema.Forecast;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Planning;

/// <summary><c>/api/v1/planning</c>: lead times, targets and packs: how parts are ordered.</summary>
internal static class PlanningEndpoints
{
    /// <summary>The version of a plan that nobody has written.</summary>
    private const uint Unwritten = 0;

    public static void AddPlanning(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PlanningOptions>().BindConfiguration(PlanningOptions.Section).ValidateDataAnnotations()
            .Validate(o => o.Target != OrderTarget.Costs || o.HoldingCost > 0, "Forecast:Planning:HoldingCost must be more than 0 when Forecast:Planning:Target is Costs.")
            .ValidateOnStart();
        builder.Services.AddScoped<ImportPlanning>();
    }

    public static RouteGroupBuilder MapPlanning(this IEndpointRouteBuilder routes)
    {
        var planning = routes.MapGroup("/api/v1/planning").WithTags("Planning").RequireAuthorization(Policies.User);
        planning.MapPost("/", ImportAsync).WithName("ImportPlanning").WithSummary("Plans of many parts from CSV, all of them or none").Accepts<string>("text/csv");
        planning.MapGet("/{sku}", GetAsync).WithName("GetPlanning").WithSummary("How a part is ordered, in all warehouses or in one");
        planning.MapPut("/{sku}", PutAsync).WithName("PutPlanning").WithSummary("Say how a part is ordered");
        return planning;
    }

    private static async Task<Results<Ok<PlanningView>, StatusCodeHttpResult, ProblemHttpResult>> GetAsync(
        string sku, string? warehouse, HttpContext http, ShabouContext context, IOptions<PlanningOptions> options, CancellationToken cancellationToken)
    {
        if (DemandFields.RefuseSku(sku) is { } refusal) return refusal;
        var rows = await context.Planning.AsNoTracking().Where(p => p.Sku == sku && (p.Warehouse == "" || p.Warehouse == warehouse)).ToListAsync(cancellationToken);
        var own = rows.SingleOrDefault(r => r.Warehouse == (warehouse ?? ""));
        ETags.Write(http.Response, own?.Version ?? Unwritten);
        return ETags.AlreadyHas(http.Request, own?.Version ?? Unwritten) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(View(sku, warehouse, rows, options.Value));
    }

    private static async Task<Results<Ok<PlanningView>, ProblemHttpResult>> PutAsync(
        string sku, string? warehouse, PlanningWrite write, HttpContext http, ShabouContext context, IOptions<PlanningOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (DemandFields.RefuseSku(sku) is { } refusal) return refusal;
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refused)) return refused;
        if (write.Contradictions(!string.IsNullOrEmpty(warehouse)) is { Count: > 0 } wrong) return Problem.Unprocessable(wrong);
        if (!string.IsNullOrEmpty(warehouse) && !await context.Warehouses.AnyAsync(w => w.Slug == warehouse, cancellationToken))
            return Problem.Unprocessable("warehouse", $"There is no warehouse {RowErrors.Quote(warehouse)}; GET /api/v1/warehouses lists them.");

        var rows = await context.Planning.Where(p => p.Sku == sku && (p.Warehouse == "" || p.Warehouse == warehouse)).ToListAsync(cancellationToken);
        var own = rows.SingleOrDefault(r => r.Warehouse == (warehouse ?? ""));
        if (!expected.Matches(own?.Version ?? Unwritten)) return ExpectedVersion.Stale("plan of", RowErrors.Quote(sku));
        if (own is null)
        {
            own = new PlanningParameters { Sku = sku, Warehouse = warehouse ?? "", ChangedBy = "", UpdatedAt = default };
            context.Planning.Add(own);
            rows.Add(own);
        }

        write.Fill(own);
        (own.ChangedBy, own.UpdatedAt) = (Caller.Of(http), time.GetUtcNow());
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return ExpectedVersion.Stale("plan of", RowErrors.Quote(sku)); // somebody wrote the first plan since
        }

        ETags.Write(http.Response, own.Version);
        return TypedResults.Ok(View(sku, warehouse, rows, options.Value));
    }

    private static Task<Results<Ok<PlanningImported>, ProblemHttpResult>> ImportAsync(HttpContext http, DemandBody body, ImportPlanning import, CancellationToken cancellationToken) =>
        CsvUpload.RunAsync(http.Request, body, async stream =>
        {
            var batch = new PlanningBatch();
            await CsvBody.ReadAsync(stream, batch.Open, batch.Errors, cancellationToken);
            return (batch is { Errors.Count: 0, Rows.Count: > 0 } ? await import.RunAsync(batch, Caller.Of(http), cancellationToken) : null, batch.Errors);
        });

    private static PlanningView View(string sku, string? warehouse, List<PlanningParameters> rows, PlanningOptions options)
    {
        var part = rows.SingleOrDefault(r => r.Warehouse == "");
        var own = string.IsNullOrEmpty(warehouse) ? part : rows.SingleOrDefault(r => r.Warehouse == warehouse);
        return new PlanningView(sku, string.IsNullOrEmpty(warehouse) ? null : warehouse, own is null ? new PlanningWrite() : PlanningWrite.Of(own),
            OrderPlan.Of(options, part, own), own?.ChangedBy, own?.UpdatedAt);
    }
}
