using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Products;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Replacements;

/// <summary><c>/api/v1/products/{id}/replacements</c>: which part is sold instead of another.</summary>
internal static class ReplacementEndpoints
{
    public static void AddReplacements(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<ReplacementReader>();
        builder.Services.AddScoped<SetReplacement>();
    }

    public static RouteGroupBuilder MapReplacements(this IEndpointRouteBuilder routes)
    {
        var replacements = routes.MapGroup("/api/v1/products/{id:guid}/replacements").WithTags("Replacements");
        replacements.MapGet("/", GetAsync).WithName("GetReplacements").WithSummary("What is sold instead of a part, the one to sell now last");
        replacements.MapPut("/", SetAsync).WithName("SetReplacement").WithSummary("Say what is sold instead of a part; If-Match has the part's ETag");
        replacements.MapDelete("/", RemoveAsync).WithName("RemoveReplacement").WithSummary("Sell a part itself again; If-Match has the part's ETag");
        return replacements;
    }

    private static async Task<Results<RenderedReplacements, ProblemHttpResult>> GetAsync(Guid id, HttpContext http, ReplacementReader reader, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, Language.Of(http.Request), cancellationToken) is { } found ? found : Problem.NotFound("product", id);

    private static async Task<Results<NoContent, ProblemHttpResult>> SetAsync(
        Guid id, ReplacementWrite write, HttpContext http, SetReplacement replacement, CatalogVersions versions, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        return await AnswerAsync(id, await replacement.RunAsync(id, write.ReplacedBy, expected, cancellationToken), http, versions, cancellationToken);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        Guid id, HttpContext http, SetReplacement replacement, CatalogVersions versions, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        return await AnswerAsync(id, await replacement.RemoveAsync(id, expected, cancellationToken), http, versions, cancellationToken);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> AnswerAsync(
        Guid id, (ulong Version, ProblemHttpResult? Problem) outcome, HttpContext http, CatalogVersions versions, CancellationToken cancellationToken)
    {
        if (outcome.Problem is not null) return outcome.Problem;
        await versions.ProductChangedAsync(id, cancellationToken);
        ETags.Write(http.Response, outcome.Version);
        return TypedResults.NoContent();
    }
}
