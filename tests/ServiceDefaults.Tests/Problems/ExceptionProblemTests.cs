using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Shabou.ServiceDefaults.Problems.Alerts;

namespace Shabou.ServiceDefaults.Tests.Problems;

public sealed class ExceptionProblemTests
{
    private const string Leak = "SELECT * FROM catalog.products at /home/shabou/Products.cs:12";

    public static TheoryData<string> Cases => [.. Exceptions.Keys];

    private static readonly Dictionary<string, (Exception Error, string Kind, int Status)> Exceptions = new()
    {
        ["unexpected"] = (new InvalidOperationException(Leak), "unexpected", 500),
        ["own timeout"] = (new TimeoutException(Leak), "unexpected", 500),
        ["cancelled, but not by the caller"] = (new OperationCanceledException(Leak), "unexpected", 500),
        ["bad request"] = (new BadHttpRequestException(Leak), "bad-request", 400),
        ["too large"] = (new BadHttpRequestException(Leak, 413), "too-large", 413),
        ["body too slow"] = (new BadHttpRequestException(Leak, 408), "request-timeout", 408),
        ["JSON"] = (new JsonException(Leak), "bad-request", 400),
        ["stale"] = (new DbUpdateConcurrencyException(Leak), "stale-version", 412),
        ["update lost its connection"] = (new DbUpdateException(Leak, new NpgsqlException(Leak, new TimeoutException())), "database-unavailable", 503),
        ["no connection"] = (new NpgsqlException(Leak, new System.Net.Sockets.SocketException()), "database-unavailable", 503),
        ["retries exhausted"] = (new InvalidOperationException(Leak, new NpgsqlException(Leak)), "database-unavailable", 503),
        ["too many connections"] = (Postgres("53300"), "database-unavailable", 503),
        ["shutting down"] = (Postgres("57P01"), "database-unavailable", 503),
        ["disk full"] = (new DbUpdateException(Leak, Postgres("53100")), "database-unavailable", 503),
        ["file of the server unreadable"] = (Postgres("58030"), "database-unavailable", 503),
        ["only reads"] = (Postgres("25006"), "database-unavailable", 503),
        ["deadlock"] = (Postgres("40P01"), "database-unavailable", 503),
        ["not unique"] = (new DbUpdateException(Leak, Postgres("23505")), "conflict", 409),
        ["no such column"] = (Postgres("42703"), "unexpected", 500),
        ["no grant"] = (Postgres("42501"), "unexpected", 500),
        ["upstream away"] = (new HttpRequestException(Leak), "upstream-failed", 502),
        ["breaker open"] = (new BrokenCircuitException(Leak), "upstream-failed", 502),
        ["upstream too slow"] = (new TimeoutRejectedException(Leak), "upstream-timeout", 504),
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task An_exception_becomes_its_problem_and_tells_nothing_else(string name)
    {
        var (error, kind, status) = Exceptions[name];
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", string () => throw error));
        using var response = await app.GetAsync("/");
        await response.ReadProblemAsync(kind, (HttpStatusCode)status);
        Assert.Equal(status == 503, response.Headers.RetryAfter is not null);
        if (status >= 500)
        {
            Assert.Contains(error.GetType().Name, app.Log.Text, StringComparison.Ordinal); // the log knows
        }
    }

    [Theory]
    [InlineData("GET", "send the request again")]
    [InlineData("POST", "may or may not be stored")]
    public async Task Without_the_database_the_caller_is_told_what_to_do_and_whether_a_change_may_be_stored(string method, string became)
    {
        await using var app = await TestApp.StartAsync(app => app.MapMethods("/", [method], string () => throw new NpgsqlException(Leak, new TimeoutException())));
        using var response = await app.Client.SendAsync(TestApp.As("ADMIN", new(method), "/"), TestContext.Current.CancellationToken);
        var problem = await response.ReadProblemAsync("database-unavailable", HttpStatusCode.ServiceUnavailable);
        var detail = problem.GetProperty("detail").GetString()!;
        Assert.Contains(became, detail, StringComparison.Ordinal);
        Assert.Contains($"{response.Headers.RetryAfter!.Delta!.Value.TotalSeconds:F0} seconds", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("53100", "no room left")]
    [InlineData("53300", "takes no more connections")]
    [InlineData("25006", "only reads")]
    public async Task A_caller_is_told_why_the_database_stored_nothing(string state, string why)
    {
        await using var app = await TestApp.StartAsync(app => app.MapPost("/", string () => throw new DbUpdateException(Leak, Postgres(state))));
        using var response = await app.Client.SendAsync(TestApp.As("ADMIN", HttpMethod.Post, "/"), TestContext.Current.CancellationToken);
        var problem = await response.ReadProblemAsync("database-unavailable", HttpStatusCode.ServiceUnavailable);
        Assert.Contains(why, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("may or may not", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task No_environment_shows_more(string environment)
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", string () => throw new InvalidOperationException(Leak)), environment: environment);
        using var response = await app.GetAsync("/");
        await response.ReadProblemAsync("unexpected", HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task A_caller_who_left_is_no_error()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", async (CancellationToken cancellationToken) =>
        {
            entered.SetResult();
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellationToken.Register(() => left.TrySetCanceled(cancellationToken));
            await left.Task;
        }));
        using var leaving = new CancellationTokenSource();
        var asked = app.Client.SendAsync(TestApp.As("USER", HttpMethod.Get, "/"), leaving.Token);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await app.Log.WaitForAsync("answered 499");
        Assert.DoesNotContain("\"level\":\"Error\"", app.Log.Text, StringComparison.Ordinal);
        await app.Services.GetRequiredService<ProblemAlerts>().SayAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("Alert about", app.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_fails_after_it_began_is_broken_off_tells_nothing_and_counts_as_a_failure()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", async (HttpContext http) =>
        {
            await http.Response.WriteAsync("the first part", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            throw new InvalidOperationException(Leak);
        }));
        using var response = await app.Client.SendAsync(TestApp.As("USER", HttpMethod.Get, "/"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var kept = new MemoryStream();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(kept, TestContext.Current.CancellationToken));
        Assert.Equal("the first part", System.Text.Encoding.UTF8.GetString(kept.ToArray()));

        await app.Services.GetRequiredService<ProblemAlerts>().SayAsync(TestContext.Current.CancellationToken); // there is no database: a line
        Assert.Contains("Alert about unexpected: 1 request was answered /problems/unexpected by", await app.Log.WaitForAsync("Alert about"), StringComparison.Ordinal);
    }

    private static PostgresException Postgres(string state) => new(Leak, "ERROR", "ERROR", state);
}
