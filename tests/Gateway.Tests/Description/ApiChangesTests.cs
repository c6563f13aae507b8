using System.Text.Json.Nodes;
using Shabou.Testing.OpenApi;

namespace Shabou.Gateway.Tests.Description;

/// <summary>What breaks a client is said, and what does not is let pass.</summary>
public sealed class ApiChangesTests
{
    private const string Document = """
        { "paths": { "/api/v1/parts": {
            "get": { "parameters": [ { "name": "q", "in": "query", "schema": { "type": [ "null", "string" ], "maxLength": 100 } } ],
                "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Page" } } } } } },
            "post": { "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Write" } } } }, "responses": { "201": { "description": "made" } } } } },
          "components": { "schemas": {
            "Page": { "type": "object", "required": [ "items" ], "properties": { "items": { "type": "array", "items": { "$ref": "#/components/schemas/Part" } } } },
            "Part": { "type": "object", "required": [ "sku" ], "properties": { "sku": { "type": "string" }, "price": { "type": "number" }, "parent": { "$ref": "#/components/schemas/Part" } } },
            "Write": { "type": "object", "required": [ "sku" ], "properties": { "sku": { "type": "string" }, "kind": { "enum": [ "a", "b" ] }, "price": { "type": [ "null", "number" ] } } } } } }
        """;

    [Fact]
    public void Nothing_has_changed() => Assert.Empty(Breaking(_ => { }));

    [Fact]
    public void New_things_break_nothing() => Assert.Empty(Breaking(api =>
    {
        api["paths"]!["/api/v1/brands"] = new JsonObject { ["get"] = new JsonObject() };
        api["paths"]!["/api/v1/parts"]!["get"]!["parameters"]!.AsArray().Add(JsonNode.Parse("""{ "name": "sort", "in": "query", "schema": { "type": "string" } }"""));
        Schema(api, "Part")["properties"]!["brand"] = new JsonObject { ["type"] = "string" };
        Schema(api, "Write")["properties"]!["brand"] = new JsonObject { ["type"] = "string" };
        Schema(api, "Write")["properties"]!["kind"]!["enum"]!.AsArray().Add("c");
        Schema(api, "Part")["required"]!.AsArray().Add("price");
    }));

    [Fact]
    public void A_path_and_an_operation_that_are_gone_are_named()
    {
        Assert.Equal(["GET /api/v1/parts is gone.", "POST /api/v1/parts is gone."], Breaking(api => api["paths"]!.AsObject().Remove("/api/v1/parts")));
        Assert.Equal(["POST /api/v1/parts is gone."], Breaking(api => api["paths"]!["/api/v1/parts"]!.AsObject().Remove("post")));
    }

    [Fact]
    public void A_property_that_is_gone_from_an_answer_is_named_where_it_was() =>
        Assert.Equal(["GET /api/v1/parts has no 'price' in the items of 'items' in its 200 answer any more."], Breaking(api => Schema(api, "Part")["properties"]!.AsObject().Remove("price")));

    [Fact]
    public void An_answer_that_may_be_more_than_it_was_is_named()
    {
        Assert.Equal(["GET /api/v1/parts may have null for 'sku' in the items of 'items' in its 200 answer now."], Breaking(api => Schema(api, "Part")["properties"]!["sku"]!["type"] = new JsonArray("null", "string")));
        Assert.Equal(["GET /api/v1/parts may leave out 'sku' in the items of 'items' in its 200 answer now."], Breaking(api => Schema(api, "Part")["required"] = new JsonArray()));
        Assert.Contains("may have null for 'parent'", Assert.Single(Breaking(api =>
            Schema(api, "Part")["properties"]!["parent"] = JsonNode.Parse("""{ "oneOf": [ { "type": "null" }, { "$ref": "#/components/schemas/Part" } ] }"""))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_that_is_new_and_needed_or_gone_or_needed_now_is_named()
    {
        Assert.Equal(["GET /api/v1/parts needs the new header parameter 'X-Reason'."], Breaking(api =>
            api["paths"]!["/api/v1/parts"]!["get"]!["parameters"]!.AsArray().Add(JsonNode.Parse("""{ "name": "X-Reason", "in": "header", "required": true, "schema": { "type": "string" } }"""))));
        Assert.Equal(["GET /api/v1/parts has no query parameter 'q' any more."], Breaking(api => api["paths"]!["/api/v1/parts"]!["get"]!["parameters"] = new JsonArray()));
        Assert.Equal(["GET /api/v1/parts needs the query parameter 'q', which could be left out."], Breaking(api => api["paths"]!["/api/v1/parts"]!["get"]!["parameters"]![0]!["required"] = true));
    }

    [Fact]
    public void What_may_be_sent_and_became_narrower_is_named()
    {
        Assert.Equal(["GET /api/v1/parts takes no null or string for the query parameter 'q' any more."], Breaking(api => api["paths"]!["/api/v1/parts"]!["get"]!["parameters"]![0]!["schema"]!["type"] = "integer"));
        Assert.Equal(["GET /api/v1/parts has a stricter maxLength for the query parameter 'q'."], Breaking(api => api["paths"]!["/api/v1/parts"]!["get"]!["parameters"]![0]!["schema"]!["maxLength"] = 50));
        Assert.Equal(["POST /api/v1/parts takes no null for 'price' in the body any more."], Breaking(api => Schema(api, "Write")["properties"]!["price"]!["type"] = "number"));
        Assert.Equal(["POST /api/v1/parts takes fewer values for 'kind' in the body."], Breaking(api => Schema(api, "Write")["properties"]!["kind"]!["enum"]!.AsArray().RemoveAt(0)));
        Assert.Equal(["POST /api/v1/parts needs 'kind' in the body."], Breaking(api => Schema(api, "Write")["required"]!.AsArray().Add("kind")));
        Assert.Equal(["POST /api/v1/parts does not answer 201 any more."], Breaking(api => api["paths"]!["/api/v1/parts"]!["post"]!["responses"] = new JsonObject()));
    }

    private static IReadOnlyList<string> Breaking(Action<JsonNode> change)
    {
        var changed = JsonNode.Parse(Document)!;
        change(changed);
        return ApiChanges.Breaking(JsonNode.Parse(Document)!, changed);
    }

    private static JsonNode Schema(JsonNode api, string name) => api["components"]!["schemas"]![name]!;
}
