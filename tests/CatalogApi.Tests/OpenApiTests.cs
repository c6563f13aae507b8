#pragma warning disable ASP0029 // the validation that endpoints have; its types are still marked experimental
using System.ComponentModel.DataAnnotations;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;
using Shabou.OpenApi;
using Shabou.Testing.OpenApi;

namespace Shabou.CatalogApi.Tests;

public sealed class OpenApiTests(Catalog catalog) : IClassFixture<Catalog>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_has_every_endpoint_and_no_other()
    {
        var described = (await ApiOperation.ReadAllAsync(catalog.Client, Cancellation)).Select(o => $"{o.Method} {o.Path} {o.Id}").Order(StringComparer.Ordinal).ToList();
        var served = catalog.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true })
            .SelectMany(e => e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(m => $"{m} {PathOf(e)} {e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName}"))
            .Order(StringComparer.Ordinal).ToList();
        Assert.Equal(served, described);
        Assert.True(described.Count >= 10);
        Assert.Equal(described.Count, described.Select(d => d.Split(' ')[^1]).Where(id => id.Length > 0).Distinct().Count());
    }

    [Fact]
    public void Every_endpoint_is_below_the_versioned_root() => Assert.Empty(ApiRoot.Strays(catalog.Services));

    [Fact]
    public async Task Every_operation_is_described_whole()
    {
        var missing = new List<string>();
        foreach (var operation in await ApiOperation.ReadAllAsync(catalog.Client, Cancellation))
        {
            Expect(!string.IsNullOrWhiteSpace(operation.Text("summary")), "a summary");
            foreach (var parameter in operation.Parameters)
                Expect(!string.IsNullOrWhiteSpace(parameter.Description), $"a description of its parameter '{parameter.Name}'");
            foreach (var (media, content) in operation.RequestContent) Expect(content.TryGetProperty("example", out _), $"an example of its {media} body");
            foreach (var response in operation.Json.GetProperty("responses").EnumerateObject())
            {
                var (status, contents) = (int.Parse(response.Name, System.Globalization.CultureInfo.InvariantCulture), ApiOperation.Contents(response.Value).ToList());
                foreach (var (media, content) in contents)
                {
                    Expect(content.TryGetProperty("example", out _), $"an example of its {status} answer");
                    Expect(content.TryGetProperty("schema", out _), $"a schema of its {status} answer");
                    if (status >= 400) Expect(media == "application/problem+json", $"problem+json for {status} instead of {media}");
                }
                if (status >= 400) Expect(contents.Count == 1, $"a body of its {status} answer");
            }
            Expect(operation.Json.GetProperty("responses").EnumerateObject().Any(r => r.Name[0] is '2'), "an answer when all is well");
            foreach (var status in Needed(operation)) Expect(operation.Json.GetProperty("responses").TryGetProperty(status, out _), $"the answer {status}");

            void Expect(bool there, string what)
            {
                if (!there) missing.Add($"{operation.Method} {operation.Path} lacks {what}.");
            }
        }
        Assert.True(missing.Count == 0, string.Join('\n', missing));
    }

    [Fact]
    public async Task Every_example_of_a_body_would_be_accepted()
    {
        var options = catalog.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var validation = catalog.Services.GetRequiredService<IOptions<ValidationOptions>>().Value;
        var examples = catalog.Services.GetRequiredService<Examples>();
        var bodies = Described().SelectMany(d => d.ParameterDescriptions).Where(p => p.Source == BindingSource.Body).Select(p => p.Type).Distinct().ToList();
        Assert.NotEmpty(bodies);
        foreach (var type in bodies)
        {
            var value = examples.Of(type).Deserialize(type, options);
            Assert.NotNull(value);
            if (!validation.TryGetValidatableTypeInfo(type, out var rules)) continue;
            var context = new ValidateContext { ValidationOptions = validation, ValidationContext = new ValidationContext(value) };
            await rules.ValidateAsync(value, context, Cancellation);
            Assert.True(context.ValidationErrors is null or { Count: 0 }, $"{type.Name}: {string.Join(' ', (context.ValidationErrors ?? []).SelectMany(e => e.Value))} Say a better example in ExampleValues.");
        }
    }

    [Fact]
    public void Every_example_of_an_answer_can_be_read_as_what_it_describes()
    {
        var options = catalog.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var examples = catalog.Services.GetRequiredService<Examples>();
        foreach (var type in Described().SelectMany(d => d.SupportedResponseTypes).Where(r => r.StatusCode < 300).Select(r => r.Type).OfType<Type>().Where(t => t != typeof(void)).Distinct())
            Assert.NotNull(examples.Of(type).Deserialize(type, options));
    }

    [Fact]
    public async Task Writes_that_say_so_need_the_version_and_the_others_do_not()
    {
        foreach (var operation in (await ApiOperation.ReadAllAsync(catalog.Client, Cancellation)).Where(o => o.Method is "PUT" or "PATCH" or "DELETE"))
        {
            using var request = operation.Request(p => p.In == "header" ? null : p.Example);
            using var response = await catalog.Client.SendAsync(request, Cancellation);
            var says = operation.Json.GetProperty("responses").TryGetProperty("428", out _);
            Assert.True(says == ((int)response.StatusCode == 428), $"{operation.Method} {operation.Path} answered {(int)response.StatusCode} without If-Match; mark it WithoutVersion(), or make it need one.");
        }
    }

    [Fact]
    public async Task What_the_comments_of_the_contracts_say_is_in_the_document()
    {
        var document = await catalog.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Cancellation);
        var write = document.GetProperty("components").GetProperty("schemas").GetProperty("ProductWrite");
        Assert.Contains("the whole part", write.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Contains("check digit", write.GetProperty("properties").GetProperty("gtin").GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    private IEnumerable<ApiDescription> Described() => catalog.Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>().ApiDescriptionGroups.Items.SelectMany(g => g.Items);

    /// <summary>What an operation must answer, by what a reader of the document can see of it.</summary>
    private static List<string> Needed(ApiOperation operation)
    {
        List<string> needed = ["401", "429", "503"];
        if (operation.Parameters.Count > 0) needed.Add("400");
        if (operation.Parameters.Any(p => p.In == "path")) needed.Add("404");
        if (operation.RequestContent.Count > 0) needed.AddRange(["400", "413", "415", "422"]);
        if (operation.Parameters.Any(p => p.Name == "If-Match")) needed.AddRange(["409", "412", "428"]);
        if (operation.Parameters.Any(p => p.Name == "Idempotency-Key")) needed.AddRange(["409", "422"]);
        return needed;
    }

    private static string PathOf(RouteEndpoint endpoint) => "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p =>
        p is RoutePatternParameterPart parameter ? $"{{{parameter.Name}}}" : ((RoutePatternLiteralPart)p).Content))));
}
