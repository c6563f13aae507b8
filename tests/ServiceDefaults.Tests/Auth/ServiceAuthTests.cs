using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.ServiceDefaults.Tests.Auth;

public sealed class ServiceAuthTests
{
    [Fact]
    public async Task An_endpoint_that_says_nothing_requires_a_caller()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", () => "ok"));
        using var response = await app.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        await response.ReadProblemAsync("unauthenticated", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_address_that_does_not_exist_looks_the_same_to_a_stranger()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", () => "ok"));
        using var response = await app.Client.GetAsync(new Uri("/nothing", UriKind.Relative), TestContext.Current.CancellationToken);
        await response.ReadProblemAsync("unauthenticated", HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(ServiceHeaders.Key, "another-key-of-thirty-two-letters-and-more")]
    [InlineData(ServiceHeaders.Key, null)]
    [InlineData(ServiceHeaders.ClientId, null)]
    [InlineData(ServiceHeaders.ClientRole, "NO_ACCESS")]
    [InlineData(ServiceHeaders.ClientRole, "admin")]
    [InlineData(ServiceHeaders.ClientRole, null)]
    public async Task A_wrong_or_missing_header_is_not_believed(string header, string? value)
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", () => "ok"));
        using var request = TestApp.As(ClientRoles.Admin, HttpMethod.Get, "/");
        request.Headers.Remove(header);
        if (value is not null)
        {
            request.Headers.Add(header, value);
        }

        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.ReadProblemAsync("unauthenticated", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_caller_has_the_id_name_and_role_that_the_gateway_sent()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", (ClaimsPrincipal user) =>
            $"{user.FindFirstValue(ClientClaims.Subject)}|{user.Identity!.Name}|{user.IsInRole(ClientRoles.User)}"));
        using var response = await app.GetAsync("/");
        Assert.Equal("client-1|Société é|True", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(ClientRoles.Admin, Policies.Admin, HttpStatusCode.OK)]
    [InlineData(ClientRoles.Admin, Policies.User, HttpStatusCode.OK)]
    [InlineData(ClientRoles.User, Policies.User, HttpStatusCode.OK)]
    [InlineData(ClientRoles.User, Policies.Admin, HttpStatusCode.Forbidden)]
    public async Task A_policy_admits_its_roles(string role, string policy, HttpStatusCode expected)
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", () => "ok").RequireAuthorization(policy));
        using var response = await app.Client.SendAsync(TestApp.As(role, HttpMethod.Get, "/"), TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.Forbidden)
        {
            await response.ReadProblemAsync("forbidden", expected);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("thirty-one characters are short")]
    public async Task Without_a_service_key_the_host_does_not_start(string? key)
    {
        await using var app = TestApp.Build(_ => { }, builder => builder.AddServiceAuth(), settings: ("ServiceAuth:Key", key));
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("ServiceAuth:Key is missing or shorter than 32 characters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_does_not_say_who_may_call_is_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => TestApp.Build(_ => { }));
        Assert.Contains("AddServiceAuth", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_may_bring_its_own_scheme()
    {
        await using var app = TestApp.Build(_ => { }, builder =>
            builder.Services.AddAuthentication("Own").AddScheme<AuthenticationSchemeOptions, ServiceAuthHandler>("Own", null));
        Assert.NotNull(app);
    }

    [Fact]
    public async Task A_service_may_say_that_anybody_calls()
    {
        await using var app = TestApp.Build(app => app.MapGet("/", () => "ok"), builder => builder.AllowAnonymousCallers());
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient();
        Assert.Equal("ok", await client.GetStringAsync(app.Urls.First(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_service_calls_another_for_its_own_caller()
    {
        await using var behind = await TestApp.StartAsync(app => app.MapGet("/", (ClaimsPrincipal user) => $"{user.FindFirstValue(ClientClaims.Subject)} {user.Identity!.Name} {user.FindFirstValue(ClientClaims.Role)}"));
        await using var app = await TestApp.StartAsync(
            app => app.MapGet("/", (IHttpClientFactory clients) => clients.CreateClient("behind").GetStringAsync(behind.Address)),
            builder => builder.Services.AddHttpClient("behind").SendServiceIdentity());
        using var response = await app.Client.SendAsync(TestApp.As(ClientRoles.Admin, HttpMethod.Get, "/"), TestContext.Current.CancellationToken);
        Assert.Equal("client-1 Société é ADMIN", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Other_clients_never_send_the_service_key()
    {
        await using var outside = await TestApp.StartAsync(app => app.MapGet("/", (Microsoft.AspNetCore.Http.HttpContext http) => http.Request.Headers.ContainsKey(ServiceHeaders.Key)).AllowAnonymous());
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", (IHttpClientFactory clients) => clients.CreateClient().GetStringAsync(outside.Address)));
        using var response = await app.GetAsync("/");
        Assert.Equal("false", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
