using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Auth;
using Shabou.Testing;

namespace Shabou.ServiceDefaults.Tests.Auth;

public sealed class TokenKeyTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly TokenSigner _first = new();
    private readonly TokenSigner _second = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task Keys_are_fetched_from_the_gateway_by_its_name()
    {
        await using var gateway = await KeySetServer.StartAsync(_first);
        await using var app = await StartAsync("https+http://gateway/.well-known/jwks.json", ("Services:gateway:http:0", new Uri(gateway.Address).GetLeftPart(UriPartial.Authority)));
        await UntilAsync(app, _first.Token(), HttpStatusCode.OK);
    }

    [Fact]
    public async Task Before_the_first_keys_a_service_is_not_ready_and_refuses_nobody_for_good()
    {
        await using var gateway = await KeySetServer.StartAsync(_first);
        gateway.IsAway = true;
        await using var app = await StartAsync(gateway.Address);
        using (var answer = await SendAsync(app, _first.Token()))
        {
            await answer.ReadProblemAsync("service-unavailable", HttpStatusCode.ServiceUnavailable);
            Assert.Equal("1", answer.Headers.GetValues("Retry-After").Single());
        }
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await HealthAsync(app));
        using (var stranger = await app.Client.GetAsync("/", Cancellation)) Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);

        gateway.IsAway = false;
        await UntilAsync(app, _first.Token(), HttpStatusCode.OK);
        await UntilAsync(async () => await HealthAsync(app) == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("away")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("<html>nothing here</html>")]
    [InlineData("""{"keys":[{"kty":"oct","kid":"1","k":"AAAA"}]}""")]
    public async Task The_last_good_keys_stay(string answer)
    {
        await using var gateway = await KeySetServer.StartAsync(_first);
        await using var app = await StartAsync(gateway.Address, ("Tokens:KeySetEvery", "00:00:01"));
        await UntilAsync(app, _first.Token(), HttpStatusCode.OK);
        (gateway.IsAway, gateway.Body) = (answer == "away", answer);
        var asked = gateway.Asked;
        await UntilAsync(() => Task.FromResult(gateway.Asked > asked + 1)); // one of them is over
        using var response = await SendAsync(app, _first.Token());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await HealthAsync(app));
    }

    [Fact]
    public async Task A_key_that_is_younger_than_the_set_is_fetched_while_the_request_waits()
    {
        await using var gateway = await KeySetServer.StartAsync(_first);
        await using var app = await StartAsync(gateway.Address, ("Tokens:KeySetEvery", "00:10:00"));
        await UntilAsync(app, _first.Token(), HttpStatusCode.OK);
        gateway.Body = TokenSigner.KeySetOf(_first, _second);
        using var response = await SendAsync(app, _second.Token());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Invented_keys_make_the_service_ask_once_in_five_seconds()
    {
        var clock = new ShiftedClock();
        await using var gateway = await KeySetServer.StartAsync(_first);
        await using var app = await StartAsync(gateway.Address, clock, ("Tokens:KeySetEvery", "00:10:00"));
        await UntilAsync(app, _first.Token(), HttpStatusCode.OK);
        var asked = gateway.Asked;
        for (var i = 0; i < 20; i++) await AssertForeignAsync(app);
        Assert.Equal(asked + 1, gateway.Asked);
        clock.Ahead = TokenKeys.UnknownKeyEvery;
        for (var i = 0; i < 20; i++) await AssertForeignAsync(app);
        Assert.Equal(asked + 2, gateway.Asked);
    }

    [Fact]
    public async Task Those_who_wait_for_a_new_key_share_one_question()
    {
        await using var gateway = await KeySetServer.StartAsync(_first);
        await using var app = await StartAsync(gateway.Address, ("Tokens:KeySetEvery", "00:10:00"));
        await UntilAsync(app, _first.Token(), HttpStatusCode.OK);
        var (asked, hold) = (gateway.Asked, new TaskCompletionSource());
        (gateway.Body, gateway.Hold) = (TokenSigner.KeySetOf(_first, _second), hold.Task);
        var waiting = Enumerable.Range(0, 10).Select(_ => SendAsync(app, _second.Token())).ToList();
        await UntilAsync(() => Task.FromResult(gateway.Asked == asked + 1));
        hold.SetResult();
        foreach (var response in await Task.WhenAll(waiting))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }
        Assert.Equal(asked + 1, gateway.Asked);
    }

    [Fact]
    public async Task A_key_that_is_withdrawn_takes_remembered_tokens_with_it()
    {
        await using var gateway = await KeySetServer.StartAsync(_first, _second);
        await using var app = await StartAsync(gateway.Address, ("Tokens:KeySetEvery", "00:00:01"));
        var token = _first.Token();
        await UntilAsync(app, token, HttpStatusCode.OK);
        gateway.Body = TokenSigner.KeySetOf(_second);
        await UntilAsync(app, token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_key_set_in_a_file_is_read_before_the_first_request_and_again_when_it_changes()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, TokenSigner.KeySetOf(_first), Cancellation);
            await using var app = await StartAsync(file, ("Tokens:KeySetEvery", "00:10:00"));
            using (var response = await SendAsync(app, _first.Token())) Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await File.WriteAllTextAsync(file, TokenSigner.KeySetOf(_second), Cancellation);
            using (var response = await SendAsync(app, _second.Token())) Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("Tokens:Issuer", " ", "Tokens:Issuer is empty")]
    [InlineData("Tokens:KeySet", "", "Tokens:KeySet is empty")]
    [InlineData("Tokens:KeySet", "http://gateway.example/jwks.json", "Tokens:KeySet is not an address by which keys can be trusted")]
    [InlineData("Tokens:KeySet", "ftp://gateway/jwks.json", "Tokens:KeySet is not an address by which keys can be trusted")]
    [InlineData("Tokens:KeySet", "https://", "Tokens:KeySet is no valid address")]
    [InlineData("Tokens:KeySet", "/nowhere/keys.json", "Tokens:KeySet names the file '/nowhere/keys.json', which does not exist")]
    [InlineData("Tokens:KeySetEvery", "00:00:00", "Tokens:KeySetEvery must be 1 second to 10 minutes")]
    [InlineData("Tokens:Remembered", "1", "Tokens:Remembered must be 100 to 1,000,000")]
    public async Task Unusable_settings_end_the_start_with_a_sentence(string key, string value, string sentence)
    {
        await using var app = TestApp.Build(_ => { }, builder => builder.AddServiceAuth(TestApp.Audience), settings: [("Tokens:KeySet", TestTokens.KeySet), (key, value)]);
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(Cancellation));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_key_set_ends_the_start_with_a_sentence()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "{}", Cancellation);
            await using var app = TestApp.Build(_ => { }, builder => builder.AddServiceAuth(TestApp.Audience), settings: ("Tokens:KeySet", file));
            var error = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(Cancellation));
            Assert.Contains("which has no usable key set", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Task<TestApp> StartAsync(string keySet, params (string Key, string? Value)[] settings) => StartAsync(keySet, TimeProvider.System, settings);

    private static Task<TestApp> StartAsync(string keySet, TimeProvider time, params (string Key, string? Value)[] settings) => TestApp.StartAsync(
        app => app.MapGet("/", () => "ok"), builder => builder.Services.AddSingleton(time), settings: [("Tokens:KeySet", keySet), .. settings]);

    private static async Task<HttpResponseMessage> SendAsync(TestApp app, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Authorization = new("Bearer", token) } };
        return await app.Client.SendAsync(request, Cancellation);
    }

    private static async Task AssertForeignAsync(TestApp app)
    {
        using var foreign = new TokenSigner();
        using var response = await SendAsync(app, foreign.Token());
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static async Task<HttpStatusCode> HealthAsync(TestApp app)
    {
        using var response = await app.Client.GetAsync("/health", Cancellation);
        return response.StatusCode;
    }

    private static Task UntilAsync(TestApp app, string token, HttpStatusCode status) => UntilAsync(async () =>
    {
        using var response = await SendAsync(app, token);
        return response.StatusCode == status;
    });

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(s_patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await isSo()) await tick.WaitForNextTickAsync(limit.Token);
    }
}
