using System.Text.Json.Nodes;
using Shabou.Gateway.Description;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Description;

public sealed class MergedDocumentTests
{
    private const string Other = """{ "type": "object", "properties": { "price": { "type": "number" } } }""";

    [Fact]
    public void An_operation_is_taken_from_the_service_that_answers_it_and_from_no_other()
    {
        var merged = Merge(("catalog", DescribedService.With("/api/v1/jobs", "ListJobs")), ("prospector", DescribedService.With("/api/v1/jobs", "ListJobs")), ("forecast", DescribedService.With("/internal", "Secret")));
        Assert.Equal(["/api/v1/jobs"], Names(merged["paths"]));
        Assert.Equal("ListJobs", merged["paths"]!["/api/v1/jobs"]!["get"]!["operationId"]!.GetValue<string>());
    }

    [Fact]
    public void Schemas_that_are_the_same_stand_once_and_those_that_only_share_a_name_get_their_services()
    {
        var same = Merge(("catalog", DescribedService.With("/catalog", "A")), ("forecast", DescribedService.With("/forecast", "B")));
        Assert.Equal(["Problem", "Thing"], Names(same["components"]!["schemas"]));

        var different = Merge(("catalog", DescribedService.With("/catalog", "A")), ("forecast", DescribedService.With("/forecast", "B", Other)));
        Assert.Equal(["CatalogThing", "ForecastThing", "Problem"], Names(different["components"]!["schemas"]));
        Assert.Equal("#/components/schemas/ForecastThing", Answer(different, "/forecast")["$ref"]!.GetValue<string>());
        Assert.Equal("#/components/schemas/CatalogThing", Answer(different, "/catalog")["$ref"]!.GetValue<string>());
    }

    [Fact]
    public void A_schema_that_needs_one_of_two_meanings_has_two_itself()
    {
        const string Listed = """{ "type": "array", "items": { "$ref": "#/components/schemas/Item" } }, "Item": """;
        var merged = Merge(("catalog", DescribedService.With("/catalog", "A", Listed + """{ "type": "string" }""")), ("forecast", DescribedService.With("/forecast", "B", Listed + """{ "type": "integer" }""")));
        Assert.Equal(["CatalogItem", "CatalogThing", "ForecastItem", "ForecastThing", "Problem"], Names(merged["components"]!["schemas"]));
        Assert.Equal("#/components/schemas/ForecastItem", merged["components"]!["schemas"]!["ForecastThing"]!["items"]!["$ref"]!.GetValue<string>());
    }

    [Fact]
    public void Refusals_stand_once_and_those_of_the_gateway_are_added()
    {
        var merged = Merge(("catalog", DescribedService.With("/catalog", "A")));
        var responses = merged["paths"]!["/catalog"]!["get"]!["responses"]!;
        Assert.Equal(["200", "401", "403", "404", "429", "502", "503", "504"], Names(responses));
        Assert.Equal("#/components/responses/Problem404", responses["404"]!["$ref"]!.GetValue<string>());
        Assert.Equal(7, Names(merged["components"]!["responses"]).Count);
        var limited = merged["components"]!["responses"]!["Problem429"]!["content"]!["application/problem+json"]!["examples"]!;
        Assert.Equal("/problems/rate-limited", limited["rate-limited"]!["value"]!["type"]!.GetValue<string>());
    }

    [Fact]
    public void Two_operations_of_one_name_are_told_apart_by_their_services()
    {
        var merged = Merge(("catalog", DescribedService.With("/catalog", "List")), ("forecast", DescribedService.With("/forecast", "List")));
        Assert.Equal("List", merged["paths"]!["/catalog"]!["get"]!["operationId"]!.GetValue<string>());
        Assert.Equal("ForecastList", merged["paths"]!["/forecast"]!["get"]!["operationId"]!.GetValue<string>());
    }

    [Fact]
    public void What_is_missing_is_named_and_the_rest_is_whole()
    {
        Assert.Equal(["forecast"], Merge(missing: ["forecast"], ("catalog", DescribedService.With("/catalog", "A")))["x-unavailable"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Null(Merge(("catalog", DescribedService.With("/catalog", "A")))["x-unavailable"]);
    }

    [Fact]
    public void The_same_parts_give_the_same_bytes_in_whatever_order_they_come()
    {
        (string, string) one = ("catalog", DescribedService.With("/catalog", "A")), two = ("forecast", DescribedService.With("/forecast", "B", Other));
        Assert.Equal(Merge(one, two).ToJsonString(), Merge(two, one).ToJsonString());
    }

    [Theory]
    [InlineData("""{ "paths": { "/catalog": 5 } }""")]
    [InlineData("""{ "paths": { "/catalog": { "get": [] } } }""")]
    [InlineData("""{ "paths": { "/catalog": { "get": { "operationId": 7, "tags": "x", "responses": "none" } } }, "components": [], "tags": {} }""")]
    [InlineData("""{ "paths": { "/catalog": { "get": { "responses": { "404": null, "200": 1 } } } }, "components": { "schemas": 1 } }""")]
    public void A_document_that_makes_no_sense_does_no_harm(string document) =>
        Assert.Contains("/forecast", Names(Merge(("catalog", document), ("forecast", DescribedService.With("/forecast", "B")))["paths"]));

    private static JsonObject Merge(params (string Service, string Document)[] parts) => Merge([], parts);

    private static JsonObject Merge(string[] missing, params (string Service, string Document)[] parts)
    {
        var own = JsonNode.Parse("""{ "openapi": "3.1.1", "info": { "title": "Shabou" }, "paths": {}, "components": { "schemas": { "Problem": { "type": "object", "description": "of the gateway" } } } }""")!.AsObject();
        // Each service answers the path of its name; jobs are the prospector's.
        return new MergedDocument((_, path) => path == "/api/v1/jobs" ? "prospector" : path == "/internal" ? null : path[1..])
            .Merge(new("gateway", own), parts.Select(part => new ApiPart(part.Service, JsonNode.Parse(part.Document)!.AsObject())), missing, address: null);
    }

    private static JsonNode Answer(JsonNode document, string path) => document["paths"]![path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;

    private static List<string> Names(JsonNode? node) => [.. node!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal)];
}
