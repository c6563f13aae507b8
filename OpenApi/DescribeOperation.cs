using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Shabou.Idempotency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.OpenApi;

/// <summary>Completes an operation: headers, descriptions of its parameters, examples of its bodies, and every refusal it can answer.</summary>
internal sealed class DescribeOperation(Examples examples, ParameterTexts texts) : IOpenApiOperationTransformer
{
    public const string ProblemSchema = "Problem";
    private const string ProblemType = "application/problem+json";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        AddHeaders(operation, context);
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any()) operation.Security = [];
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            if (string.IsNullOrEmpty(parameter.Description)) parameter.Description = texts.Of(parameter.Name!, operation.OperationId);
        }
        AddRequestExamples(operation, context);
        AddResponseExamples(operation, context);
        AddAnswerHeaders(operation, context);
        AddRefusals(operation, context);
        return Task.CompletedTask;
    }

    private static void AddHeaders(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        if (Refusals.TakesKey(context.Description)) Header(IdempotencyKey.Header, required: false);
        if (Refusals.NeedsVersion(context.Description) is var need and not VersionNeed.Never) Header("If-Match", need == VersionNeed.Always);

        void Header(string name, bool required) => (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name, In = ParameterLocation.Header, Required = required, Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = IdempotencyKey.MaxLength },
        });
    }

    private void AddRequestExamples(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var body = context.Description.ParameterDescriptions.FirstOrDefault(p => p.Source == BindingSource.Body)?.Type
            ?? context.Description.ActionDescriptor.EndpointMetadata.OfType<IAcceptsMetadata>().LastOrDefault()?.RequestType;
        if (body is null) return;
        foreach (var (media, content) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
            content.Example = media.Contains("csv", StringComparison.Ordinal) ? JsonValue.Create(examples.CsvOf(body, operation.OperationId)) : examples.Of(body);
    }

    private void AddResponseExamples(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        foreach (var answer in context.Description.SupportedResponseTypes.Where(r => r.StatusCode is >= 200 and < 300 && r.Type is not null && r.Type != typeof(void)))
        {
            if (operation.Responses?.GetValueOrDefault(answer.StatusCode.ToString(CultureInfo.InvariantCulture))?.Content is not { } content) continue;
            foreach (var media in content.Values) media.Example = examples.Of(answer.Type!);
        }
    }

    private static void AddAnswerHeaders(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        foreach (var header in context.Description.ActionDescriptor.EndpointMetadata.OfType<AnswerHeader>())
        foreach (var answer in (operation.Responses ?? []).Where(r => r.Key[0] == '2').Select(r => r.Value).OfType<OpenApiResponse>())
            (answer.Headers ??= new Dictionary<string, IOpenApiHeader>())[header.Name] = new OpenApiHeader { Description = header.Description, Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = header.Format } };
    }

    private static void AddRefusals(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        operation.Responses ??= [];
        foreach (var status in Refusals.Of(context.Description))
        {
            var type = ProblemTypes.All.First(t => t.Status == status);
            operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = type.Title,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemType] = new() { Schema = new OpenApiSchemaReference(ProblemSchema, context.Document), Example = Example(type) },
                },
            };
        }
    }

    private static JsonObject Example(ProblemType type) => new()
    {
        ["type"] = type.Uri, ["title"] = type.Title, ["status"] = type.Status, ["category"] = type.Category,
        ["requestId"] = "01a1fcf3-fd41-7198-9d02-a1c39d3b26b0", ["traceId"] = "b6bf83a296e9fe3d2615cef2d5a61857",
    };
}
