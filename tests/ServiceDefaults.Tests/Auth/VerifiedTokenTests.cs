using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shabou.ServiceDefaults.Auth;
using Shabou.Testing;

namespace Shabou.ServiceDefaults.Tests.Auth;

public sealed class VerifiedTokenTests
{
    private static readonly ClaimsPrincipal s_caller = new(new ClaimsIdentity("test"));
    private static readonly DateTimeOffset s_expires = DateTimeOffset.UtcNow.AddHours(1);

    [Fact]
    public async Task A_token_is_verified_once()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", () => "ok"));
        var verified = app.Services.GetRequiredService<VerifiedTokens>();
        var request = TestApp.As("USER", HttpMethod.Get, "/");
        var token = request.Headers.Authorization!.Parameter!;
        Assert.Null(verified.Find(token));
        using (request) (await app.Client.SendAsync(request, TestContext.Current.CancellationToken)).Dispose();
        var caller = verified.Find(token);
        Assert.Equal("client-1", caller?.FindFirst("sub")?.Value);
        Assert.Equal(["sub", "name", "role"], caller!.Claims.Select(claim => claim.Type)); // nothing else of the token is kept
        using (var again = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Authorization = new("Bearer", token) } })
            (await app.Client.SendAsync(again, TestContext.Current.CancellationToken)).Dispose();
        Assert.Same(caller, verified.Find(token));
        Assert.Equal(1, verified.Count);
    }

    [Fact]
    public async Task A_refused_token_is_not_remembered()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", () => "ok"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Authorization = new("Bearer", TestTokens.Signer.Token("ROOT")) } };
        (await app.Client.SendAsync(request, TestContext.Current.CancellationToken)).Dispose();
        Assert.Equal(0, app.Services.GetRequiredService<VerifiedTokens>().Count);
    }

    [Fact]
    public async Task The_memory_has_an_end_and_keeps_what_is_used()
    {
        await using var app = await TestApp.StartAsync(_ => { }, settings: ("Tokens:Remembered", "100"));
        var verified = app.Services.GetRequiredService<VerifiedTokens>();
        verified.Remember("used", s_caller, TestTokens.Signer.Kid, s_expires);
        for (var i = 0; i < 1_000; i++)
        {
            verified.Remember($"token-{i}", s_caller, TestTokens.Signer.Kid, s_expires);
            Assert.Same(s_caller, verified.Find("used"));
            Assert.InRange(verified.Count, 1, 100);
        }
        Assert.Null(verified.Find("token-0"));
        Assert.Same(s_caller, verified.Find("token-999"));
    }
}
