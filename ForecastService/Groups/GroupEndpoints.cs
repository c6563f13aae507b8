using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.ForecastService.Demand;
using Shabou.Schema;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Groups;

/// <summary><c>/api/v1/forecasts/groups</c>: forecasts per category that add up, computed on demand from those of the parts.</summary>
internal static class GroupEndpoints
{
    private const string BottomUp = "bottom-up";

    public static void AddGroups(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<GroupOptions>().BindConfiguration(GroupOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddScoped<ReconciledGroups>();
    }

    public static void MapGroups(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/forecasts/groups", GetAsync).WithTags("Forecasts").RequireAuthorization(Policies.User)
            .WithName("GetGroupForecasts").WithSummary("What is expected per category, from one category down: sums of the parts, or reconciled with the categories' own forecasts");

    private static async Task<Results<Ok<GroupForecasts>, ProblemHttpResult>> GetAsync(
        string? group, string? reconcile, ShabouContext context, ReconciledGroups reconciled, CancellationToken cancellationToken)
    {
        if (reconcile is not (null or BottomUp or ReconciledGroups.Name)) return Problem.Invalid("reconcile", $"must be {BottomUp} or {ReconciledGroups.Name}, or absent.");
        var under = string.IsNullOrEmpty(group) || group.EndsWith('/') ? group ?? "" : group + "/";
        if (under.Length > 0 && !await context.Categories.AnyAsync(c => c.Path == under, cancellationToken))
            return Problem.Unprocessable("group", $"There is no category with the path {RowErrors.Quote(under)}; GET /api/v1/categories lists them.");
        if (reconcile is ReconciledGroups.Name) return await reconciled.RunAsync(under, cancellationToken);
        if (await context.ModelVersions.AsNoTracking().SingleOrDefaultAsync(v => v.Active, cancellationToken) is not { } version)
            return Problem.Of(ProblemTypes.NotFound, "Nothing has been trained yet; start it by POST /api/v1/training-runs.");

        var parts = await new GroupParts(context, version.Id, under).ReadAsync(withHistories: false, cancellationToken);
        return TypedResults.Ok(new GroupForecasts(version.Version, BottomUp, AddUpParts.Of(parts, under)));
    }
}
