using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Products;
using Shabou.Idempotency;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Bulk;

/// <summary><c>POST /api/v1/products/bulk</c>: another system's parts, as often as it likes.</summary>
internal static class BulkEndpoints
{
    public static void AddBulk(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<ReadBulk>();
        builder.Services.AddScoped<UpsertProducts>();
    }

    public static RouteHandlerBuilder MapBulk(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/products/bulk", UpsertAsync).WithTags("Products").WithName("UpsertProducts").WithSummary("Add and replace parts by externalId, up to 10,000 at once")
            .Accepts<IReadOnlyList<ProductWrite>>("application/json").RequireAuthorization(Policies.Admin).WithIdempotency();

    private static async Task<Results<Ok<BulkResult>, ProblemHttpResult>> UpsertAsync(
        string? onError, HttpRequest request, ReadBulk read, UpsertProducts upsert, CatalogVersions versions, CancellationToken cancellationToken)
    {
        if (!TryReadPolicy(onError, out var policy, out var refusal)) return refusal;
        SqlCommandCounter.AllowMany(); // seven, however many rows
        if (!request.HasJsonContentType()) return Problem.Of(ProblemTypes.UnsupportedMedia, "Send application/json: an array of products.");
        var errors = new BulkErrors();
        if (await read.ReadAsync(request.BodyReader, errors, cancellationToken) is not { } rows)
            return Problem.Of(ProblemTypes.TooLarge, $"One request may have {ReadBulk.MaxRows:N0} products at most; send the rest in another.");
        var (result, wrong) = await upsert.RunAsync(rows, errors, policy, cancellationToken);
        if (result is null) return Refused(wrong);
        if (result.Created + result.Updated > 0) await versions.EverythingChangedAsync(cancellationToken);
        return TypedResults.Ok(result);
    }

    private static bool TryReadPolicy(string? onError, out RowErrors policy, [NotNullWhen(false)] out ProblemHttpResult? refusal)
    {
        var known = OnErrorWord.Read(onError);
        policy = known ?? default;
        refusal = known is null ? Problem.Invalid("onError", $"must be {OnErrorWord.All}.") : null;
        return refusal is null;
    }

    private static ProblemHttpResult Refused(BulkErrors errors)
    {
        var first = errors.First[0];
        var problem = Problem.Of(ProblemTypes.Unprocessable, string.Create(CultureInfo.InvariantCulture,
            $"{errors.Rows} products are wrong, the first at index {first.Index}: {first.Field} {first.Reason} Nothing was stored; repair them, or send onError=reject-rows."));
        problem.ProblemDetails.Extensions["rowErrors"] = errors.First;
        problem.ProblemDetails.Extensions["rowErrorCount"] = errors.Rows;
        return problem;
    }
}
