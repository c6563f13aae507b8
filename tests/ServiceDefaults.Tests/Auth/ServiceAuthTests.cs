using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
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

    [Fact]
    public async Task The_caller_has_the_id_name_and_role_that_the_gateway_signed()
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
    [InlineData("/")]
    [InlineData("/asking-for-no-more")]
    [InlineData("/user")]
    [InlineData("/admin")]
    public async Task Who_has_no_access_has_it_nowhere(string path)
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapGet("/", () => "ok");
            app.MapGet("/asking-for-no-more", () => "ok").RequireAuthorization();
            app.MapGet("/user", () => "ok").RequireAuthorization(Policies.User);
            app.MapGet("/admin", () => "ok").RequireAuthorization(Policies.Admin);
        });
        using var response = await app.Client.SendAsync(TestApp.As(ClientRoles.NoAccess, HttpMethod.Get, path), TestContext.Current.CancellationToken);
        var problem = await response.ReadProblemAsync("forbidden", HttpStatusCode.Forbidden);
        Assert.Contains("ask an administrator", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
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
            builder.Services.AddAuthentication("Own").AddJwtBearer("Own", _ => { }));
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
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", async (IHttpClientFactory clients, HttpContext http) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, behind.Address).OnBehalfOf(http);
            using var answer = await clients.CreateClient().SendAsync(request, http.RequestAborted);
            return await answer.Content.ReadAsStringAsync(http.RequestAborted);
        }));
        using var response = await app.Client.SendAsync(TestApp.As(ClientRoles.Admin, HttpMethod.Get, "/"), TestContext.Current.CancellationToken);
        Assert.Equal("client-1 Société é ADMIN", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Other_calls_never_carry_the_callers_token()
    {
        await using var outside = await TestApp.StartAsync(app => app.MapGet("/", (HttpContext http) => http.Request.Headers.Authorization.Count).AllowAnonymous());
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", (IHttpClientFactory clients) => clients.CreateClient().GetStringAsync(outside.Address)));
        using var response = await app.GetAsync("/");
        Assert.Equal("0", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
