using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Tests.People;

/// <summary>A gateway where people can sign in, and the provider that vouches for them. Each test signs in somebody of its own.</summary>
public sealed class PeopleFixture(GatewayFixture fixture) : IAsyncLifetime
{
    internal const string App = "https://www.shabouautopieces.tn";
    internal const string ReturnUrl = App + "/signed-in?from=home";
    internal static readonly string Verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
    internal static readonly string Challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    internal OpenIdProvider Provider { get; } = new();

    internal GatewayHost Gateway { get; private set; } = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Provider.StartAsync(Cancelled);
        Gateway = Another();
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Provider.DisposeAsync();
    }

    /// <summary>A gateway with the same provider; <paramref name="settings"/> win.</summary>
    internal GatewayHost Another(params (string Key, string? Value)[] settings) => fixture.Gateway(
    [
        .. Provider.Settings, ("Cors:Origins:0", App),
        ("RateLimits:Policies:default:Requests", "100000"), .. from policy in (string[])["default", "login", "refresh", "guessing"] select ($"RateLimits:Policies:{policy}:Requests", (string?)"100000"),
        ("RateLimits:Policies:login:PerAccount", "100000"), .. settings,
    ]);

    /// <summary>Signs in whoever <see cref="OpenIdProvider.Account"/> is, as an application would.</summary>
    /// <returns>The one-time code.</returns>
    internal async Task<string> CodeAsync(GatewayHost? gateway = null)
    {
        using var browser = new Browser(gateway ?? Gateway);
        using var back = await browser.GetAsync(await browser.SignInAtProviderAsync(ReturnUrl, Challenge));
        Assert.Equal(HttpStatusCode.Redirect, back.StatusCode);
        Assert.Equal(App, back.Headers.Location!.GetLeftPart(UriPartial.Authority));
        return QueryHelpers.ParseQuery(back.Headers.Location.Query)["code"].ToString();
    }

    /// <summary>Signs in somebody new, with a role.</summary>
    internal async Task<SignedIn> SignInAsync(UserRole role = UserRole.NoAccess)
    {
        Provider.Account = Account.Someone();
        var email = Provider.Account.Email;
        var code = await CodeAsync();
        await using var context = fixture.Postgres.Context();
        await context.Users.Where(user => user.Email == email).ExecuteUpdateAsync(set => set.SetProperty(user => user.Role, role), Cancelled);
        var id = await context.Users.Where(user => user.Email == email).Select(user => user.Id).SingleAsync(Cancelled);
        using var answer = await ExchangeAsync(code);
        var tokens = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled))!;
        return new SignedIn(id, tokens.GetProperty("accessToken").GetString()!, tokens.GetProperty("refreshToken").GetString()!);
    }

    internal Task<HttpResponseMessage> ExchangeAsync(string code, string? verifier = null, GatewayHost? gateway = null) =>
        PostAsync("token", new { grantType = "code", code, codeVerifier = verifier ?? Verifier }, gateway: gateway);

    internal async Task<HttpResponseMessage> PostAsync(string what, object body, string? bearer = null, GatewayHost? gateway = null)
    {
        using var client = (gateway ?? Gateway).Client();
        if (bearer is not null)
            client.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        return await client.PostAsJsonAsync($"/api/v1/auth/{what}", body, Cancelled);
    }
}

/// <summary>A person with tokens.</summary>
internal sealed record SignedIn(Guid Id, string AccessToken, string RefreshToken);
