using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Shabou.Idempotency;

namespace Shabou.OpenApi;

/// <summary>Which refusals an operation can answer, from what is known of its endpoint.</summary>
internal static class Refusals
{
    public static SortedSet<int> Of(ApiDescription operation)
    {
        var metadata = operation.ActionDescriptor.EndpointMetadata;
        var statuses = new SortedSet<int> { StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable };
        if (!metadata.OfType<IAllowAnonymous>().Any()) statuses.Add(StatusCodes.Status401Unauthorized);
        if (metadata.OfType<IAuthorizeData>().Any(a => a.Policy is not null)) statuses.Add(StatusCodes.Status403Forbidden);
        if (operation.ParameterDescriptions.Count > 0 || TakesKey(operation)) statuses.Add(StatusCodes.Status400BadRequest);
        if (operation.ParameterDescriptions.Any(p => p.Source == BindingSource.Path)) statuses.Add(StatusCodes.Status404NotFound);
        if (HasBody(operation)) statuses.UnionWith([StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity]);
        if (TakesKey(operation)) statuses.Add(StatusCodes.Status422UnprocessableEntity);
        if (!HttpMethods.IsGet(operation.HttpMethod!)) statuses.Add(StatusCodes.Status409Conflict);
        if (NeedsVersion(operation) != VersionNeed.Never) statuses.UnionWith([StatusCodes.Status400BadRequest, StatusCodes.Status412PreconditionFailed, StatusCodes.Status428PreconditionRequired]);
        return statuses;
    }

    public static VersionNeed NeedsVersion(ApiDescription operation) => operation.HttpMethod is not ("PUT" or "PATCH" or "DELETE") ? VersionNeed.Never
        : operation.ActionDescriptor.EndpointMetadata.OfType<VersionNeed>().LastOrDefault(VersionNeed.Always);

    public static bool TakesKey(ApiDescription operation) => operation.ActionDescriptor.EndpointMetadata.OfType<HonoursIdempotencyKey>().Any();

    private static bool HasBody(ApiDescription operation) => operation.ParameterDescriptions.Any(p => p.Source == BindingSource.Body) || operation.SupportedRequestFormats.Count > 0;
}
