using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Gateway.People;
using Shabou.Gateway.People.Sessions;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Tests.People;

public sealed class SessionTests(GatewayFixture fixture, PeopleFixture people) : IClassFixture<PeopleFixture>
{
    private const string NotTaken = "Sign in again.";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_code_and_its_verifier_are_worth_tokens_once()
    {
        people.Provider.Account = Account.Someone();
        var code = await people.CodeAsync();
        using var first = await people.ExchangeAsync(code);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Contains("no-store", first.Header("Cache-Control"), StringComparison.Ordinal);
        var tokens = await first.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        Assert.Equal("Bearer", tokens.GetProperty("tokenType").GetString());
        Assert.Equal(900, tokens.GetProperty("expiresIn").GetInt32());
        Assert.Equal(TimeSpan.FromDays(14).TotalSeconds, tokens.GetProperty("refreshExpiresIn").GetInt32());

        using var second = await people.ExchangeAsync(code);
        Assert.Contains(NotTaken, await second.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_with_another_verifier_is_used_up_and_worth_nothing()
    {
        people.Provider.Account = Account.Someone();
        var code = await people.CodeAsync();
        foreach (var verifier in (string?[])[OneTimeSecret.New().Text, PeopleFixture.Verifier])
        {
            using var refused = await people.ExchangeAsync(code, verifier);
            Assert.Contains(NotTaken, await refused.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_code_is_worth_nothing_after_its_minute()
    {
        people.Provider.Account = Account.Someone();
        var code = await people.CodeAsync();
        await using var context = fixture.Postgres.Context();
        var hash = OneTimeSecret.HashOf(code);
        Assert.InRange(await context.SignInCodes.Where(c => c.Hash == hash).Select(c => c.ExpiresAt).SingleAsync(Cancelled), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddSeconds(60));
        await context.SignInCodes.Where(c => c.Hash == hash).ExecuteUpdateAsync(set => set.SetProperty(c => c.ExpiresAt, DateTimeOffset.UtcNow.AddSeconds(-1)), Cancelled);
        using var refused = await people.ExchangeAsync(code);
        await refused.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Each_refresh_gives_the_next_pair_and_the_database_holds_only_hashes()
    {
        var person = await people.SignInAsync();
        var token = person.RefreshToken;
        var seen = new HashSet<string> { token };
        for (var i = 0; i < 3; i++)
        {
            using var answer = await people.PostAsync("refresh", new { refreshToken = token });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            token = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("refreshToken").GetString()!;
            Assert.True(seen.Add(token));
        }
        await using var context = fixture.Postgres.Context();
        var session = await context.Sessions.SingleAsync(s => s.UserId == person.Id, Cancelled);
        Assert.InRange(session.ExpiresAt - session.CreatedAt, TimeSpan.FromDays(90), TimeSpan.FromDays(90));
        var stored = await context.RefreshTokens.Where(t => t.SessionId == session.Id).ToListAsync(Cancelled);
        Assert.Equal(4, stored.Count);
        Assert.Single(stored, t => t.UsedAt is null);
        Assert.Equal(seen.Select(text => Convert.ToHexString(OneTimeSecret.HashOf(text))).Order(StringComparer.Ordinal), stored.Select(t => Convert.ToHexString(t.Hash)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_refresh_token_that_comes_twice_ends_its_session_and_somebody_is_told()
    {
        var person = await people.SignInAsync();
        using var first = await people.PostAsync("refresh", new { refreshToken = person.RefreshToken });
        var next = (await first.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("refreshToken").GetString();
        foreach (var token in (string?[])[person.RefreshToken, next, person.RefreshToken])
        {
            using var refused = await people.PostAsync("refresh", new { refreshToken = token });
            Assert.Contains(NotTaken, await refused.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated"), StringComparison.Ordinal);
        }
        await using var context = fixture.Postgres.Context();
        var session = await context.Sessions.SingleAsync(s => s.UserId == person.Id, Cancelled);
        Assert.Equal("reuse", session.RevokedReason);
        var alert = await context.Alerts.SingleAsync(a => a.Subject == $"session {session.Id}", Cancelled);
        Assert.Equal("refresh-token-reuse", alert.Kind);
        Assert.DoesNotContain(person.RefreshToken, alert.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_refreshes_at_once_on_two_gateways_one_wins_and_the_session_ends()
    {
        using var second = people.Another();
        second.StartServer();
        for (var round = 0; round < 5; round++)
        {
            var person = await people.SignInAsync();
            var answers = await Task.WhenAll(
                people.PostAsync("refresh", new { refreshToken = person.RefreshToken }),
                people.PostAsync("refresh", new { refreshToken = person.RefreshToken }, gateway: second));
            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized], answers.Select(answer => answer.StatusCode).Order());
            foreach (var answer in answers)
                answer.Dispose();
            await using var context = fixture.Postgres.Context();
            Assert.Equal("reuse", (await context.Sessions.SingleAsync(s => s.UserId == person.Id, Cancelled)).RevokedReason);
        }
    }

    [Theory]
    [InlineData("UPDATE identity.refresh_tokens SET expires_at = now() - interval '1 second' WHERE session_id IN (SELECT id FROM identity.sessions WHERE user_id = {0})")]
    [InlineData("UPDATE identity.sessions SET expires_at = now() - interval '1 second' WHERE user_id = {0}")]
    [InlineData("UPDATE identity.sessions SET revoked_at = now() WHERE user_id = {0}")]
    public async Task A_refresh_token_is_worth_nothing_when_it_or_its_session_is_over(string over)
    {
        var person = await people.SignInAsync();
        await using var context = fixture.Postgres.Context();
        await context.Database.ExecuteSqlRawAsync(over, [person.Id], Cancelled);
        using var refused = await people.PostAsync("refresh", new { refreshToken = person.RefreshToken });
        await refused.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.False(await context.Alerts.AnyAsync(a => a.Kind == "refresh-token-reuse" && context.Sessions.Any(s => s.UserId == person.Id && a.Subject == "session " + s.Id), Cancelled));
    }

    [Fact]
    public async Task No_refresh_token_outlives_its_session()
    {
        var person = await people.SignInAsync();
        await using var context = fixture.Postgres.Context();
        await context.Sessions.Where(s => s.UserId == person.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.ExpiresAt, DateTimeOffset.UtcNow.AddHours(1)), Cancelled);
        using var answer = await people.PostAsync("refresh", new { refreshToken = person.RefreshToken });
        Assert.InRange((await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("refreshExpiresIn").GetInt32(), 3_500, 3_600);
    }

    [Theory]
    [InlineData("token", """{"grantType":"password","code":"x"}""", HttpStatusCode.BadRequest, "validation")]
    [InlineData("token", """{}""", HttpStatusCode.BadRequest, "validation")]
    [InlineData("token", """{"grantType":"code"}""", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("token", """{"grantType":"code","code":"' OR 1=1 --"}""", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("token", """[]""", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("refresh", """{}""", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("refresh", """{"refreshToken":"\u0000"}""", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("refresh", """{"refreshToken":7}""", HttpStatusCode.BadRequest, "bad-request")]
    public async Task What_is_no_code_and_no_token_is_refused(string what, string body, HttpStatusCode status, string kind)
    {
        using var client = people.Gateway.Client();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var refused = await client.PostAsync(new Uri($"/api/v1/auth/{what}", UriKind.Relative), content, Cancelled);
        await refused.ProblemAsync(status, kind);
    }

    [Fact]
    public async Task What_is_over_is_deleted_and_nothing_else()
    {
        var (kept, old) = (await people.SignInAsync(), await people.SignInAsync());
        await using var context = fixture.Postgres.Context();
        await context.Sessions.Where(s => s.UserId == old.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, DateTimeOffset.UtcNow.AddDays(-8)), Cancelled);
        await context.SignInCodes.Where(c => c.UserId == old.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.ExpiresAt, DateTimeOffset.UtcNow.AddHours(-2)), Cancelled);
        await people.Gateway.Services.GetRequiredService<SessionCleaner>().CleanAsync(Cancelled);
        Assert.Equal((0, 0), await CountAsync(context, old.Id));
        Assert.Equal((1, 1), await CountAsync(context, kept.Id));
    }

    private static async Task<(int Sessions, int Codes)> CountAsync(ShabouContext context, Guid user) =>
        (await context.Sessions.CountAsync(s => s.UserId == user, Cancelled), await context.SignInCodes.CountAsync(c => c.UserId == user, Cancelled));
}
