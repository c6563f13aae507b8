using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;

namespace Shabou.ServiceDefaults.Tests.Resilience;

public sealed class HttpResilienceTests
{
    [Theory]
    [InlineData("GET", 3)]
    [InlineData("HEAD", 3)]
    [InlineData("POST", 1)]
    [InlineData("PUT", 1)]
    [InlineData("DELETE", 1)]
    public async Task Only_safe_methods_are_tried_again(string method, int attempts)
    {
        await using var upstream = await Upstream.StartAsync(_ => HttpStatusCode.ServiceUnavailable);
        await using var app = await TestApp.StartAsync(_ => { });
        using var response = await SendAsync(app, method, upstream.Address);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(attempts, upstream.Calls);
    }

    [Theory]
    [InlineData("GET", 3)]
    [InlineData("POST", 1)]
    public async Task A_broken_connection_is_tried_again_for_safe_methods_only(string method, int attempts)
    {
        await using var upstream = await Upstream.StartAsync(_ => null);
        await using var app = await TestApp.StartAsync(_ => { });
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(app, method, upstream.Address));
        Assert.Equal(attempts, upstream.Calls);
    }

    [Fact]
    public async Task A_second_attempt_that_succeeds_is_the_answer()
    {
        await using var upstream = await Upstream.StartAsync(call => call == 1 ? HttpStatusCode.BadGateway : HttpStatusCode.OK);
        await using var app = await TestApp.StartAsync(_ => { });
        using var response = await SendAsync(app, "GET", upstream.Address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, upstream.Calls);
    }

    [Fact]
    public async Task An_upstream_that_says_come_back_much_later_is_not_asked_again()
    {
        await using var upstream = await Upstream.StartAsync(_ => HttpStatusCode.TooManyRequests, retryAfter: "60");
        await using var app = await TestApp.StartAsync(_ => { });
        using var response = await SendAsync(app, "GET", upstream.Address);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(1, upstream.Calls);
    }

    [Fact]
    public async Task Twenty_failures_open_the_breaker_of_that_host_only()
    {
        await using var failing = await Upstream.StartAsync(_ => HttpStatusCode.InternalServerError);
        await using var working = await Upstream.StartAsync(_ => HttpStatusCode.OK);
        await using var app = await TestApp.StartAsync(_ => { });
        for (var call = 0; call < 20; call++)
        {
            (await SendAsync(app, "POST", failing.Address)).Dispose();
        }

        await Assert.ThrowsAsync<BrokenCircuitException>(() => SendAsync(app, "POST", failing.Address));
        Assert.Equal(20, failing.Calls);
        using var response = await SendAsync(app, "POST", working.Address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_figures_are_those_of_the_design()
    {
        await using var app = await TestApp.StartAsync(_ => { });
        var options = app.Services.GetRequiredService<IOptionsMonitor<HttpStandardResilienceOptions>>().Get("-standard");
        Assert.Equal(TimeSpan.FromSeconds(5), options.AttemptTimeout.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(15), options.TotalRequestTimeout.Timeout);
        Assert.Equal((0.5, 20), (options.CircuitBreaker.FailureRatio, options.CircuitBreaker.MinimumThroughput));
        Assert.Equal(TimeSpan.FromSeconds(30), options.CircuitBreaker.SamplingDuration);
        Assert.Equal(TimeSpan.FromSeconds(30), options.CircuitBreaker.BreakDuration);
        Assert.True(options.Retry.UseJitter);
    }

    [Fact]
    public async Task A_service_is_found_by_its_name()
    {
        await using var upstream = await Upstream.StartAsync(_ => HttpStatusCode.OK);
        await using var app = await TestApp.StartAsync(_ => { }, settings: [("Services:catalog:http:0", upstream.Address.ToString())]);
        using var response = await SendAsync(app, "GET", new Uri("https+http://catalog/"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(TestApp app, string method, Uri address)
    {
        using var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

/// <summary>Answers each call as told, by its number from 1; null breaks the connection.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _calls;

    private Upstream(WebApplication app) => _app = app;

    public int Calls => _calls;

    public Uri Address => new(_app.Urls.First());

    public static async Task<Upstream> StartAsync(Func<int, HttpStatusCode?> answer, string? retryAfter = null)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        var upstream = new Upstream(app);
        app.Run(http =>
        {
            if (answer(Interlocked.Increment(ref upstream._calls)) is { } status)
            {
                http.Response.StatusCode = (int)status;
                http.Response.Headers.RetryAfter = retryAfter;
            }
            else
            {
                http.Abort();
            }

            return Task.CompletedTask;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
