using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.ForecastService.Demand;
using Shabou.Schema;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Models;

/// <summary><c>/api/v1/models</c>: the registry of model versions, the newest first.</summary>
internal static class ModelEndpoints
{
    private const string List = "models";

    public static RouteGroupBuilder MapModels(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/api/v1/models").WithTags("Models").RequireAuthorization(Policies.User);
        models.MapGet("/", ListAsync).WithName("ListModels");
        models.MapGet("/{version}", GetAsync).WithName("GetModel");
        return models;
    }

    private static async Task<Results<Ok<Page<ModelView>>, ProblemHttpResult>> ListAsync(
        string? after, int? size, HttpContext http, ShabouContext context, Cursors cursors, CancellationToken cancellationToken)
    {
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<Guid>(List, after, out var last, out refusal)) return refusal;

        var versions = context.ModelVersions.AsNoTracking();
        if (last != default) versions = versions.Where(v => v.Id < last);
        var rows = await versions.OrderByDescending(v => v.Id).Take(take + 1).ToListAsync(cancellationToken);
        var page = Pages.Cut(http, rows, take, v => cursors.Write(List, v.Id));
        return TypedResults.Ok(new Page<ModelView>([.. page.Items.Select(ModelView.Of)], page.Next));
    }

    private static async Task<Results<Ok<ModelView>, ProblemHttpResult>> GetAsync(string version, ShabouContext context, CancellationToken cancellationToken) =>
        await context.ModelVersions.AsNoTracking().SingleOrDefaultAsync(v => v.Version == version, cancellationToken) is { } model
            ? TypedResults.Ok(ModelView.Of(model))
            : Problem.Of(ProblemTypes.NotFound, $"There is no model version {RowErrors.Quote(version)}; GET /api/v1/models lists them.");
}
