using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.OpenApi;

/// <summary>Title, ways to authenticate, and the form of every refusal.</summary>
internal sealed class DescribeService(ServiceDescription service) : IOpenApiDocumentTransformer
{
    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = service.Title;
        document.Info.Description = service.Text;
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
        schema.Properties["type"] = OneOf(ProblemTypes.All.Select(type => type.Uri), "The kind of failure, from a closed list; decide by it.");
        schema.Properties["category"] = OneOf(ProblemCategories.All, "Who has to act.");
        schema.Properties["requestId"] = Text("As in X-Request-ID.");
        schema.Properties["traceId"] = Text("Of the request's trace.");
        schema.Properties["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object, Description = "What is wrong with each parameter or member.",
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
        };
        return schema;

        static OpenApiSchema OneOf(IEnumerable<string> values, string description) =>
            new() { Type = JsonSchemaType.String, Description = description, Enum = [.. values.Select(value => (JsonNode)JsonValue.Create(value))] };

        static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
    }
}
