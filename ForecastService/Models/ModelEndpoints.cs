using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.ForecastService.Demand;
using Shabou.Schema;
using Shabou.Schema.Forecast;
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
        models.MapGet("/", ListAsync).WithName("ListModels").WithSummary("Model versions, the newest first");
        models.MapGet("/{version}", GetAsync).WithName("GetModel").WithSummary("Which data, code, parameters and seed made a version, and the hash of its bytes");
        return models;
    }

    private static async Task<Results<Ok<Page<ModelView>>, ProblemHttpResult>> ListAsync(
        string? after, int? size, HttpContext http, ShabouContext context, Cursors cursors, CancellationToken cancellationToken)
    {
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<Guid>(List, after, out var last, out refusal)) return refusal;

        var versions = context.ModelVersions.AsNoTracking();
        if (last != default) versions = versions.Where(v => v.Id < last);
        var rows = await WithArtifacts(versions.OrderByDescending(v => v.Id).Take(take + 1), context).ToListAsync(cancellationToken);
        var page = Pages.Cut(http, rows, take, row => cursors.Write(List, row.Version.Id));
        return TypedResults.Ok(new Page<ModelView>([.. page.Items.Select(row => row.View())], page.Next));
    }

    private static async Task<Results<Ok<ModelView>, ProblemHttpResult>> GetAsync(string version, ShabouContext context, CancellationToken cancellationToken) =>
        await WithArtifacts(context.ModelVersions.AsNoTracking().Where(v => v.Version == version), context).SingleOrDefaultAsync(cancellationToken) is { } model
            ? TypedResults.Ok(model.View())
            : Problem.Of(ProblemTypes.NotFound, $"There is no model version {RowErrors.Quote(version)}; GET /api/v1/models lists them.");

    // Without the bytes.
    private static IQueryable<Row> WithArtifacts(IQueryable<ModelVersion> versions, ShabouContext context) =>
        from version in versions
        join artifact in context.ModelArtifacts on version.Id equals artifact.ModelVersionId into artifacts
        from artifact in artifacts.DefaultIfEmpty()
        orderby version.Id descending
        select new Row(version, artifact == null ? null : artifact.Sha256, artifact == null ? null : artifact.Size);

    private sealed record Row(ModelVersion Version, string? Sha256, int? Size)
    {
        public ModelView View() => ModelView.Of(Version, Sha256 is { } sha256 && Size is { } size ? (sha256, size) : null);
    }
}
