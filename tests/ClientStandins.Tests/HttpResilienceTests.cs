using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Shabou.ClientStandins.Tests;

public sealed class HttpResilienceTests
{
    private int _calls;

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task A_failure_that_may_pass_is_tried_three_times_more_whatever_the_method(int status)
    {
        using var client = Client(_ => Status(status));
        using var got = await client.GetAsync("http://a/", TestContext.Current.CancellationToken);
        Assert.Equal((status, 4), ((int)got.StatusCode, _calls));
        using var posted = await client.PostAsync("http://a/", null, TestContext.Current.CancellationToken);
        Assert.Equal((status, 8), ((int)posted.StatusCode, _calls));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(409)]
    public async Task Other_answers_are_final(int status)
    {
        using var client = Client(_ => Status(status));
        using var response = await client.GetAsync("http://a/", TestContext.Current.CancellationToken);
        Assert.Equal((status, 1), ((int)response.StatusCode, _calls));
    }

    [Fact]
    public async Task What_ShouldHandle_refuses_is_not_tried_again()
    {
        using var client = Client(_ => Status(503), options => options.Retry.ShouldHandle = args =>
            ValueTask.FromResult(args.Outcome.Result?.RequestMessage?.Method == HttpMethod.Get && HttpClientResiliencePredicates.IsTransient(args.Outcome)));
        using var posted = await client.PostAsync("http://a/", null, TestContext.Current.CancellationToken);
        Assert.Equal(1, _calls);
        using var got = await client.GetAsync("http://a/", TestContext.Current.CancellationToken);
        Assert.Equal(1 + 4, _calls);
    }

    [Fact]
    public async Task A_broken_connection_is_tried_again()
    {
        using var client = Client(call => call == 1 ? throw new HttpRequestException("broken") : Status(200));
        using var response = await client.GetAsync("http://a/", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, _calls));
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_tried_again_and_the_total_ends_it()
    {
        using var client = Client((_, cancellationToken) => Never(cancellationToken), options =>
        {
            options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(50);
            options.TotalRequestTimeout.Timeout = TimeSpan.FromMilliseconds(400);
            options.Retry.MaxRetryAttempts = 1_000;
        });
        await Assert.ThrowsAsync<TimeoutRejectedException>(() => client.GetAsync("http://a/", TestContext.Current.CancellationToken));
        Assert.InRange(_calls, 2, 100);
    }

    [Fact]
    public async Task The_breaker_opens_inside_the_retries_and_stops_the_calls()
    {
        using var client = Client(_ => Status(500), options =>
        {
            options.Retry.MaxRetryAttempts = 9;
            options.CircuitBreaker.MinimumThroughput = 4;
            options.CircuitBreaker.FailureRatio = 0.5;
        });
        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync("http://a/", TestContext.Current.CancellationToken));
        Assert.Equal(4, _calls);
        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync("http://b/", TestContext.Current.CancellationToken));
        Assert.Equal(4, _calls); // one breaker for the client ...
    }

    [Fact]
    public async Task The_breakers_of_two_authorities_are_two()
    {
        using var client = Client(_ => Status(500), options => (options.Retry.MaxRetryAttempts, options.CircuitBreaker.MinimumThroughput) = (2, 2), byAuthority: true);
        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync("http://a/", TestContext.Current.CancellationToken));
        Assert.Equal(2, _calls);
        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync("http://b/", TestContext.Current.CancellationToken));
        Assert.Equal(4, _calls);
    }

    [Fact]
    public async Task The_server_decides_when_to_try_again()
    {
        using var client = Client(call =>
        {
            var response = Status(call == 1 ? 503 : 200);
            response.Headers.RetryAfter = new(TimeSpan.Zero);
            return response;
        }, options => options.Retry.Delay = TimeSpan.FromHours(1));
        using var response = await client.GetAsync("http://a/", TestContext.Current.CancellationToken);
        Assert.Equal(2, _calls);
    }

    [Fact]
    public void Defaults_and_names_are_those_of_the_package()
    {
        var options = new HttpStandardResilienceOptions();
        Assert.Equal(TimeSpan.FromSeconds(30), options.TotalRequestTimeout.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(10), options.AttemptTimeout.Timeout);
        Assert.Equal((3, TimeSpan.FromSeconds(2), true), (options.Retry.MaxRetryAttempts, options.Retry.Delay, options.Retry.UseJitter));
        Assert.Equal((0.1, 100), (options.CircuitBreaker.FailureRatio, options.CircuitBreaker.MinimumThroughput));
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5)), (options.CircuitBreaker.SamplingDuration, options.CircuitBreaker.BreakDuration));
        Assert.Equal("Standard-TotalRequestTimeout", options.TotalRequestTimeout.Name);
        Assert.Equal("Standard-Retry", options.Retry.Name);
        Assert.Equal("Standard-CircuitBreaker", options.CircuitBreaker.Name);
        Assert.Equal("Standard-AttemptTimeout", options.AttemptTimeout.Name);
    }

    [Theory]
    [InlineData(31, 120)]
    [InlineData(10, 19)]
    [InlineData(0, 120)]
    public async Task Options_that_contradict_each_other_stop_the_start(int attemptSeconds, int samplingSeconds)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddHttpClient("tested").AddStandardResilienceHandler(options =>
        {
            options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(attemptSeconds);
            options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(samplingSeconds);
        });
        using var host = builder.Build();
        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_strategies_alone_keep_the_time() => Assert.Equal(Timeout.InfiniteTimeSpan, Client(_ => Status(200)).Timeout);

    private static HttpResponseMessage Status(int status) => new((HttpStatusCode)status);

    private static async Task<HttpResponseMessage> Never(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return new HttpResponseMessage();
    }

    private HttpClient Client(Func<int, HttpResponseMessage> answer, Action<HttpStandardResilienceOptions>? configure = null, bool byAuthority = false) =>
        Client((call, _) => Task.FromResult(answer(call)), configure, byAuthority);

    private HttpClient Client(Func<int, CancellationToken, Task<HttpResponseMessage>> answer, Action<HttpStandardResilienceOptions>? configure = null, bool byAuthority = false)
    {
        var services = new ServiceCollection();
        var client = services.AddHttpClient("tested");
        var pipeline = client.AddStandardResilienceHandler(options =>
        {
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
            configure?.Invoke(options);
        });
        if (byAuthority)
        {
            pipeline.SelectPipelineByAuthority();
        }

        client.ConfigurePrimaryHttpMessageHandler(() => new Answering(async (request, cancellationToken) =>
        {
            var response = await answer(Interlocked.Increment(ref _calls), cancellationToken);
            response.RequestMessage = request;
            return response;
        }));
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("tested");
    }
}
