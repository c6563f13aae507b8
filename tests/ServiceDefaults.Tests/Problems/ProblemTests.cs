using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ServiceDefaults.Tests.Problems;

public sealed class ProblemTests
{
    public sealed record Order(string Sku, [property: Range(1, 5)] int Count);

    [Fact]
    public async Task A_problem_that_an_endpoint_returns_is_complete()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", () => Problem.NotFound("product", 42)));
        using var response = await app.GetAsync("/");
        var problem = await response.ReadProblemAsync("not-found", HttpStatusCode.NotFound);
        Assert.Equal("There is no product 42.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_problem_names_each_wrong_value()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", () => Problem.Invalid("size", "must be 1 to 100.")));
        using var response = await app.GetAsync("/");
        var problem = await response.ReadProblemAsync("validation", HttpStatusCode.BadRequest);
        Assert.Equal("must be 1 to 100.", problem.GetProperty("errors").GetProperty("size")[0].GetString());
        Assert.Equal("size: must be 1 to 100.", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("GET", "/nothing", "not-found", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/orders", "method-not-allowed", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/teapot", "bad-request", (HttpStatusCode)418)]
    [InlineData("GET", "/gone-dark", "service-unavailable", HttpStatusCode.ServiceUnavailable)]
    public async Task An_answer_without_a_body_becomes_a_problem(string method, string path, string kind, HttpStatusCode status)
    {
        await using var app = await StartOrdersAsync();
        using var response = await app.Client.SendAsync(TestApp.As("USER", new HttpMethod(method), path), TestContext.Current.CancellationToken);
        await response.ReadProblemAsync(kind, status);
    }

    [Fact]
    public async Task A_body_of_another_form_is_unsupported_media()
    {
        await using var app = await StartOrdersAsync();
        using var response = await PostAsync(app, new StringContent("a,b", Encoding.UTF8, "text/csv"));
        await response.ReadProblemAsync("unsupported-media", HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("{", "line 1")]
    [InlineData("""{"sku":"A","count":"many"}""", "$.count")]
    [InlineData("""{"sku":"A","count":1,"colour":"red"}""", "$.colour")]
    [InlineData("", null)]
    public async Task JSON_that_cannot_be_read_is_a_bad_request_that_says_where(string body, string? where)
    {
        await using var app = await StartOrdersAsync();
        using var response = await PostAsync(app, new StringContent(body, Encoding.UTF8, "application/json"));
        var problem = await response.ReadProblemAsync("bad-request", HttpStatusCode.BadRequest);
        if (where is not null)
        {
            Assert.Contains(where, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_parameter_that_cannot_be_read_is_named()
    {
        await using var app = await StartOrdersAsync();
        using var response = await app.GetAsync("/orders?at=yesterday");
        var problem = await response.ReadProblemAsync("bad-request", HttpStatusCode.BadRequest);
        Assert.Contains("'at'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_validation_is_a_problem_with_errors()
    {
        await using var app = await StartOrdersAsync();
        using var response = await PostAsync(app, JsonContent.Create(new { sku = "A", count = 9 }));
        var problem = await response.ReadProblemAsync("validation", HttpStatusCode.BadRequest);
        Assert.True(problem.TryGetProperty("errors", out _));
    }

    [Fact]
    public async Task A_caller_that_accepts_only_HTML_still_gets_the_problem()
    {
        await using var app = await StartOrdersAsync();
        using var request = TestApp.As("USER", HttpMethod.Get, "/nothing");
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.ReadProblemAsync("not-found", HttpStatusCode.NotFound);
    }

    [Fact]
    public void Every_type_has_a_kind_of_its_own_and_an_error_status()
    {
        Assert.Distinct(ProblemTypes.All.Select(type => type.Kind));
        Assert.All(ProblemTypes.All, type => Assert.InRange(type.Status, 400, 599));
        var declared = typeof(ProblemTypes).GetFields().Where(field => field.FieldType == typeof(ProblemType)).Select(field => field.GetValue(null));
        Assert.Equal(declared.ToHashSet(), ProblemTypes.All.Cast<object?>().ToHashSet());
    }

    [Fact]
    public void Every_type_has_a_category_of_the_closed_list() =>
        Assert.All(ProblemTypes.All, type => Assert.Contains(type.Category, ProblemCategories.All));

    [Fact]
    public void Every_type_and_no_other_has_a_text_with_causes_and_remedies()
    {
        Assert.Equal(ProblemTypes.All.Select(type => type.Kind).Order(StringComparer.Ordinal), ProblemTexts.Kinds.Order(StringComparer.Ordinal));
        Assert.All(ProblemTypes.All.Select(ProblemTexts.Of), text =>
        {
            Assert.NotEmpty(text.Causes);
            Assert.NotEmpty(text.Remedies);
            Assert.All([text.Description, .. text.Causes, .. text.Remedies], sentence => Assert.EndsWith(".", sentence, StringComparison.Ordinal));
        });
    }

    private static Task<HttpResponseMessage> PostAsync(TestApp app, HttpContent content) =>
        app.Client.SendAsync(TestApp.As("USER", HttpMethod.Post, "/orders", content), TestContext.Current.CancellationToken);

    private static Task<TestApp> StartOrdersAsync() => TestApp.StartAsync(
        app =>
        {
            app.MapPost("/orders", (Order order) => order.Count);
            app.MapGet("/orders", (DateTimeOffset at) => at);
            app.MapGet("/teapot", () => Results.StatusCode(418));
            app.MapGet("/gone-dark", () => Results.StatusCode(503));
        },
        builder => builder.Services.AddValidation());
}
