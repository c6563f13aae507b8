using System.Net;
using Microsoft.EntityFrameworkCore;
using Shabou.Gateway.People;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Tests.People;

public sealed class BootstrapTests(GatewayFixture fixture, PeopleFixture people) : IClassFixture<PeopleFixture>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_bootstrap_token_makes_one_person_administrator_once()
    {
        var token = await InstallAsync();
        var persons = new List<SignedIn>();
        for (var i = 0; i < 4; i++)
            persons.Add(await people.SignInAsync());
        var answers = await Task.WhenAll(persons.Select(person => people.PostAsync("bootstrap", new { token }, person.AccessToken)));
        var winner = Assert.Single(persons.Zip(answers), pair => pair.Second.StatusCode == HttpStatusCode.OK).First;
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.OK))
            Assert.Contains("was used before", await answer.ProblemAsync(HttpStatusCode.Forbidden, "forbidden"), StringComparison.Ordinal);
        await using var context = fixture.Postgres.Context();
        foreach (var person in persons)
            Assert.Equal(person == winner ? UserRole.Admin : UserRole.NoAccess, (await context.Users.SingleAsync(u => u.Id == person.Id, Cancelled)).Role);
        Assert.Equal(winner.Id, (await context.BootstrapTokens.SingleAsync(t => t.Hash == OneTimeSecret.HashOf(token), Cancelled)).UsedBy);
    }

    [Fact]
    public async Task A_wrong_bootstrap_token_is_refused_and_changes_nothing()
    {
        await InstallAsync();
        var person = await people.SignInAsync();
        foreach (var token in (string?[])[OneTimeSecret.New().Text, "", null])
        {
            using var refused = await people.PostAsync("bootstrap", new { token }, person.AccessToken);
            Assert.Contains("not the installation's", await refused.ProblemAsync(HttpStatusCode.Forbidden, "forbidden"), StringComparison.Ordinal);
        }
        await using var context = fixture.Postgres.Context();
        Assert.Equal(UserRole.NoAccess, (await context.Users.SingleAsync(u => u.Id == person.Id, Cancelled)).Role);
    }

    [Fact]
    public async Task Nobody_becomes_administrator_without_having_signed_in()
    {
        var token = await InstallAsync();
        using var nobody = await people.PostAsync("bootstrap", new { token });
        await nobody.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        using var client = people.Gateway.Client(await fixture.Postgres.IssueAsync());
        using var key = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(client, "/api/v1/auth/bootstrap", new { token }, Cancelled);
        Assert.Contains("an API key is none", await key.ProblemAsync(HttpStatusCode.Forbidden, "forbidden"), StringComparison.Ordinal);
        await using var context = fixture.Postgres.Context();
        Assert.Null((await context.BootstrapTokens.SingleAsync(t => t.Hash == OneTimeSecret.HashOf(token), Cancelled)).UsedAt);
    }

    private async Task<string> InstallAsync()
    {
        var token = OneTimeSecret.New();
        await using var context = fixture.Postgres.Context();
        context.BootstrapTokens.Add(new BootstrapToken { Hash = token.Hash, CreatedAt = DateTimeOffset.UtcNow });
        await context.SaveChangesAsync(Cancelled);
        return token.Text;
    }
}
