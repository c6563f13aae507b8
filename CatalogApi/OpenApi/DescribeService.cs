using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.OpenApi;

/// <summary>Title, ways to authenticate, and the form of every refusal.</summary>
internal sealed class DescribeService : IOpenApiDocumentTransformer
{
    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "Shabou catalog";
        document.Info.Description = "Parts, vehicles, stock and prices of a Tunisian auto-parts shop. Amounts are dinars with three decimals; names are in French, Arabic and English.";
        document.AddComponent<IOpenApiSecurityScheme>("bearer", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" });
        document.AddComponent<IOpenApiSecurityScheme>("apiKey", new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key" });
        document.Security =
        [
            new() { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
            new() { [new OpenApiSecuritySchemeReference("apiKey", document)] = [] },
        ];
        document.AddComponent<IOpenApiSchema>(DescribeOperation.ProblemSchema, await ProblemAsync(context, cancellationToken));
    }

    private static async Task<OpenApiSchema> ProblemAsync(OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), cancellationToken: cancellationToken);
        schema.Description = "Why a request was refused (RFC 9457). 'type' is from a closed list; 'detail' names the thing and the remedy.";
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
        schema.Properties["category"] = Text($"Who has to act: {string.Join(", ", ProblemCategories.All)}.");
        schema.Properties["requestId"] = Text("As in X-Request-ID.");
        schema.Properties["traceId"] = Text("Of the request's trace.");
        schema.Properties["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object, Description = "What is wrong with each parameter or member.",
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
        };
        return schema;

        static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
    }
}
