using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shabou.Schema;
using Shabou.ServiceDefaults.Telemetry;

namespace Shabou.ServiceDefaults.Tests.Telemetry;

public sealed class RequestIdTests
{
    [Theory]
    [InlineData("abc")]
    [InlineData("A-b_c.9")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task A_valid_id_comes_back_unchanged(string id)
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", () => "ok"));
        Assert.Equal(id, await AnswerIdAsync(app, id));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    [InlineData("a b")]
    [InlineData("a%0d%0ab")]
    [InlineData("<script>")]
    [InlineData("a,b")]
    public async Task Any_other_id_is_replaced_by_a_new_one(string? id)
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", () => "ok"));
        var first = await AnswerIdAsync(app, id);
        Assert.True(Guid.TryParse(first, out _), first);
        Assert.NotEqual(first, await AnswerIdAsync(app, id));
    }

    [Theory]
    [InlineData("a\r\nInjected: yes")]
    [InlineData("abc\n")]
    public async Task Line_breaks_never_become_part_of_an_id(string id)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers[RequestIds.Header] = id;
        await new RequestIds(_ => Task.CompletedTask, NullLogger<RequestIds>.Instance).InvokeAsync(http);
        Assert.True(Guid.TryParse(http.TraceIdentifier, out _), http.TraceIdentifier);
        Assert.Equal(http.TraceIdentifier, http.Request.Headers[RequestIds.Header]); // what a proxy forwards
    }

    [Fact]
    public async Task An_error_answer_carries_the_id_too()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", string () => throw new InvalidOperationException()));
        Assert.Equal("on-error", await AnswerIdAsync(app, "on-error"));
    }

    [Fact]
    public async Task Requests_made_for_a_request_carry_its_id()
    {
        await using var behind = await TestApp.StartAsync(app => app.MapGet("/", (HttpContext http) => http.TraceIdentifier).AllowAnonymous());
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", (IHttpClientFactory clients) => clients.CreateClient().GetStringAsync(behind.Address)));
        using var request = TestApp.As("USER", HttpMethod.Get, "/");
        request.Headers.Add(RequestIds.Header, "forwarded-1");
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("forwarded-1", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var here = await app.Log.WaitForAsync("GET / answered 200");
        var there = await behind.Log.WaitForAsync("GET / answered 200");
        Assert.All([here, there], line => Assert.Contains("forwarded-1", line, StringComparison.Ordinal));
        Assert.Equal(LogOutputTests.Json(here).GetProperty("traceId").GetString(), LogOutputTests.Json(there).GetProperty("traceId").GetString());
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Every_line_logged_within_a_request_carries_request_id_and_trace_id(string environment)
    {
        string? trace = null;
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", async (ILogger<RequestIdTests> logger) =>
        {
            trace = Activity.Current!.TraceId.ToHexString();
            logger.LogInformation("Directly");
            await Task.Run(() => logger.LogWarning(new InvalidOperationException("why"), "From another thread"));
        }), environment: environment);
        await AnswerIdAsync(app, "line-1");
        foreach (var part in (string[])["Directly", "From another thread", "GET / answered 200"])
        {
            var line = await app.Log.WaitForAsync(part);
            Assert.Contains("line-1", line, StringComparison.Ordinal);
            Assert.Contains(trace!, line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_request_line_counts_the_SQL_commands_that_the_schema_counted()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/items/{id:int}", (int id) =>
        {
            using var inner = new Activity("a command").Start(); // the counter walks up to the request
            var count = (StrongBox<int>)Activity.Current!.Parent!.GetCustomProperty(SqlCommandCounter.Property)!;
            Interlocked.Add(ref count.Value, 3);
        }));
        using var response = await app.GetAsync("/items/7?name=x");
        var line = LogOutputTests.Json(await app.Log.WaitForAsync("answered"));
        Assert.Matches(@"^GET /items/7 answered 200 in [\d.]+ ms with 3 SQL commands", line.GetProperty("message").GetString());
        var values = line.GetProperty("values");
        Assert.Equal("/items/{id:int}", values.GetProperty("Route").GetString());
        Assert.Equal(3, values.GetProperty("SqlCommands").GetInt32());
        Assert.Equal(200, values.GetProperty("Status").GetInt32());
    }

    private static async Task<string> AnswerIdAsync(TestApp app, string? id)
    {
        using var request = TestApp.As("USER", HttpMethod.Get, "/");
        if (id is not null)
        {
            request.Headers.TryAddWithoutValidation(RequestIds.Header, id);
        }

        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.Headers.GetValues(RequestIds.Header).Single();
    }
}
