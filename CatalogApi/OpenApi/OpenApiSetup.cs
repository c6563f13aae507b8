namespace Shabou.CatalogApi.OpenApi;

/// <summary>Says of an endpoint that writes without <c>If-Match</c>: it changes nothing that a caller could have read in an older version.</summary>
internal sealed class NeedsNoVersion;

/// <summary>The OpenAPI document. What is the same for all operations follows from their metadata; nothing is written by hand per endpoint.</summary>
internal static class OpenApiSetup
{
    public static void AddApiDescription(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Examples>();
        builder.Services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer<DescribeService>();
            options.AddOperationTransformer<DescribeOperation>();
        });
    }

    /// <summary>For a PUT, PATCH or DELETE; the others are described as needing <c>If-Match</c>.</summary>
    public static TBuilder WithoutVersion<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new NeedsNoVersion());
}
