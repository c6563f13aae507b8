using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Tests.People;

public sealed class UserTests(GatewayFixture fixture, PeopleFixture people) : IClassFixture<PeopleFixture>
{
    private static readonly TimeSpan RevokedWithin = TimeSpan.FromSeconds(5);
    private static readonly Uri Me = new("/api/v1/me", UriKind.Relative);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_has_no_access_learns_who_they_are_and_whom_to_ask()
    {
        var person = await people.SignInAsync();
        using var client = As(person);
        var me = await client.GetFromJsonAsync<JsonElement>(Me, Cancelled);
        Assert.Equal((person.Id.ToString(), "NO_ACCESS", "person"), (me.GetProperty("id").GetString(), me.GetProperty("role").GetString(), me.GetProperty("kind").GetString()));
        foreach (var path in (string[])["/api/v1/products", "/api/v1/users", "/api/v1/forecasts", "/api/v1/leads"])
        {
            using var refused = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
            Assert.Contains("ask an administrator", await refused.ProblemAsync(HttpStatusCode.Forbidden, "forbidden"), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_person_with_a_role_reaches_the_service()
    {
        using var client = As(await people.SignInAsync(UserRole.User));
        Assert.Equal("answered", await client.GetStringAsync(new Uri("/api/v1/products", UriKind.Relative), Cancelled));
        using var refused = await client.GetAsync(new Uri("/api/v1/users", UriKind.Relative), Cancelled);
        await refused.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task The_list_is_complete_and_in_pages()
    {
        var signedIn = new List<Guid>();
        for (var i = 0; i < 3; i++)
            signedIn.Add((await people.SignInAsync()).Id);
        using var admin = people.Gateway.Client(await fixture.Postgres.IssueAsync(ApiKeyRole.Admin));
        var listed = new List<Guid>();
        for (string? next = ""; next is not null;)
        {
            var page = await admin.GetFromJsonAsync<JsonElement>($"/api/v1/users?size=2&after={next}", Cancelled);
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("id").GetGuid()));
            next = page.GetProperty("next").GetString();
        }
        Assert.Equal(listed.Distinct(), listed);
        Assert.Equal(signedIn, listed.Where(signedIn.Contains));
        using var refused = await admin.GetAsync(new Uri("/api/v1/users?after=x", UriKind.Relative), Cancelled);
        await refused.ProblemAsync(HttpStatusCode.BadRequest, "validation");
    }

    [Fact]
    public async Task A_role_is_changed_by_the_version_that_was_read_and_counts_within_five_seconds_on_every_gateway()
    {
        using var second = people.Another();
        var person = await people.SignInAsync(UserRole.User);
        using var here = As(person);
        using var there = As(person, second);
        using var admin = people.Gateway.Client(await fixture.Postgres.IssueAsync(ApiKeyRole.Admin));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(here));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(there));

        using var blind = await PatchAsync(admin, person.Id, "ADMIN", etag: null);
        await blind.ProblemAsync(HttpStatusCode.PreconditionRequired, "precondition-required");
        using var stale = await PatchAsync(admin, person.Id, "ADMIN", "\"1\"");
        await stale.ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        using var wrong = await PatchAsync(admin, person.Id, "OWNER", "*");
        await wrong.ProblemAsync(HttpStatusCode.BadRequest, "validation");

        using var read = await admin.GetAsync(new Uri($"/api/v1/users/{person.Id}", UriKind.Relative), Cancelled);
        using var changed = await PatchAsync(admin, person.Id, "NO_ACCESS", read.Header("ETag"));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(read.Header("ETag"), changed.Header("ETag"));
        await RefusedWithinAsync(here, there);
        using var refresh = await people.PostAsync("refresh", new { refreshToken = person.RefreshToken });
        await refresh.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_key_with_scopes_gives_nobody_a_role()
    {
        var person = await people.SignInAsync();
        using var scoped = people.Gateway.Client(await fixture.Postgres.IssueAsync(ApiKeyRole.Admin, scopes: ["gateway:*"]));
        using var refused = await PatchAsync(scoped, person.Id, "ADMIN", "*");
        Assert.Contains("may not change roles", await refused.ProblemAsync(HttpStatusCode.Forbidden, "forbidden"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_signing_somebody_out_ends_all()
    {
        var person = await people.SignInAsync(UserRole.User);
        var code = await people.CodeAsync(); // the same person, elsewhere
        using var exchanged = await people.ExchangeAsync(code);
        var elsewhere = person with { AccessToken = (await exchanged.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("accessToken").GetString()! };
        using var here = As(person);
        using var there = As(elsewhere);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(here));
        using var left = await people.PostAsync("sign-out", new { }, person.AccessToken);
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        await RefusedWithinAsync(here);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(there));

        using var admin = people.Gateway.Client(await fixture.Postgres.IssueAsync(ApiKeyRole.Admin));
        using var everywhere = await admin.DeleteAsync(new Uri($"/api/v1/users/{person.Id}/sessions", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, everywhere.StatusCode);
        await RefusedWithinAsync(there);
        using var unknown = await admin.DeleteAsync(new Uri($"/api/v1/users/{Guid.NewGuid()}/sessions", UriKind.Relative), Cancelled);
        await unknown.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    private HttpClient As(SignedIn person, GatewayHost? gateway = null)
    {
        var client = (gateway ?? people.Gateway).Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", person.AccessToken);
        return client;
    }

    private static async Task<HttpResponseMessage> PatchAsync(HttpClient admin, Guid id, string role, string? etag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/users/{id}") { Content = JsonContent.Create(new { role }), Version = HttpVersion.Version20 };
        if (etag is not null)
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        return await admin.SendAsync(request, Cancelled);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(Me, Cancelled);
        return answer.StatusCode;
    }

    private static async Task RefusedWithinAsync(params HttpClient[] clients)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(RevokedWithin);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        foreach (var client in clients)
            while (await StatusAsync(client) != HttpStatusCode.Unauthorized)
                Assert.True(await timer.WaitForNextTickAsync(limit.Token));
    }
}
