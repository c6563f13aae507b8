using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Tests.People;

/// <summary>On a database of its own, since in the shared one there is always another administrator.</summary>
public sealed class LastAdministratorTests(PeopleFixture people, PostgresServer postgres) : IClassFixture<PeopleFixture>, IClassFixture<PostgresServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_administrator_stays_one_even_when_two_take_the_role_from_each_other_at_once()
    {
        using var gateway = people.Another(("ConnectionStrings:shabou", postgres.ConnectionString));
        var (first, second) = (await AdministratorAsync(gateway), await AdministratorAsync(gateway));
        using var one = As(gateway, first.Token);
        using var two = As(gateway, second.Token);
        var answers = await Task.WhenAll(DemoteAsync(one, second.Id), DemoteAsync(two, first.Id));
        // Whichever came second was refused: as the last one, or because its sessions had just ended.
        Assert.Single(answers, status => status == HttpStatusCode.OK);
        await using var context = postgres.Context();
        var last = await context.Users.SingleAsync(u => u.Role == UserRole.Admin, Cancelled);

        using var remaining = As(gateway, last.Id == first.Id ? first.Token : second.Token);
        using var refused = await PatchAsync(remaining, last.Id);
        Assert.Contains("last administrator", await refused.ProblemAsync(HttpStatusCode.Conflict, "conflict"), StringComparison.Ordinal);

        await postgres.IssueAsync(ApiKeyRole.Admin, expiresAt: DateTimeOffset.UtcNow.AddDays(-1));
        Assert.Equal(HttpStatusCode.Conflict, await DemoteAsync(remaining, last.Id)); // a key that no longer works gives nobody a role back
        await postgres.IssueAsync(ApiKeyRole.Admin);
        Assert.Equal(HttpStatusCode.OK, await DemoteAsync(remaining, last.Id));
    }

    private async Task<(Guid Id, string Token)> AdministratorAsync(GatewayHost gateway)
    {
        people.Provider.Account = Account.Someone();
        var code = await people.CodeAsync(gateway);
        await using var context = postgres.Context();
        var email = people.Provider.Account.Email;
        await context.Users.Where(u => u.Email == email).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, UserRole.Admin), Cancelled);
        using var answer = await people.ExchangeAsync(code, gateway: gateway);
        var token = (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Cancelled)).GetProperty("accessToken").GetString()!;
        return (await context.Users.Where(u => u.Email == email).Select(u => u.Id).SingleAsync(Cancelled), token);
    }

    private static HttpClient As(GatewayHost gateway, string token)
    {
        var client = gateway.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private static async Task<HttpStatusCode> DemoteAsync(HttpClient client, Guid id)
    {
        using var answer = await PatchAsync(client, id);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> PatchAsync(HttpClient client, Guid id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/users/{id}") { Content = JsonContent.Create(new { role = "USER" }), Version = HttpVersion.Version20 };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        return await client.SendAsync(request, Cancelled);
    }
}
