using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.People;

public sealed class MachineTokenTests(GatewayFixture fixture, PeopleFixture people) : IClassFixture<PeopleFixture>
{
    private static readonly TimeSpan RevokedWithin = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_worth_an_access_token_that_ends_with_the_key()
    {
        var key = await fixture.Postgres.IssueAsync(name: "till");
        using var machine = people.Gateway.Client(key);
        using var answer = await machine.PostAsJsonAsync("/api/v1/auth/token", new { grantType = "api-key" }, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var tokens = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        Assert.Equal(JsonValueKind.Null, tokens.GetProperty("refreshToken").ValueKind);

        using var client = people.Gateway.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.GetProperty("accessToken").GetString());
        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/me", Cancelled);
        Assert.Equal((key.Id.ToString(), "till", "key"), (me.GetProperty("id").GetString(), me.GetProperty("name").GetString(), me.GetProperty("kind").GetString()));
        using var signOut = await client.PostAsync(new Uri("/api/v1/auth/sign-out", UriKind.Relative), content: null, Cancelled);
        await signOut.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");

        await using var context = fixture.Postgres.Context();
        await context.ApiKeys.Where(k => k.Id == key.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, DateTimeOffset.UtcNow), Cancelled);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(RevokedWithin);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(limit.Token))
        {
            using var refused = await client.GetAsync(new Uri("/api/v1/me", UriKind.Relative), limit.Token);
            if (refused.StatusCode == HttpStatusCode.Unauthorized)
                return;
        }
    }

    [Fact]
    public async Task Without_a_valid_key_there_is_no_token()
    {
        foreach (var key in (IssuedKey?[])[null, new IssuedKey(Guid.Empty, IssuedKey.NewSecret()), await fixture.Postgres.IssueAsync(revokedAt: DateTimeOffset.UtcNow.AddDays(-1))])
        {
            using var machine = people.Gateway.Client(key);
            using var refused = await machine.PostAsJsonAsync("/api/v1/auth/token", new { grantType = "api-key" }, Cancelled);
            Assert.Contains("X-Api-Key", await refused.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated"), StringComparison.Ordinal);
        }
    }
}
