using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.People;

public sealed class SessionsWithoutDatabaseTests(PeopleFixture people, PostgresServer postgres) : IClassFixture<PeopleFixture>, IClassFixture<PostgresServer>
{
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_database_is_away_people_are_asked_to_wait_and_no_code_is_lost()
    {
        using var gateway = people.Another(("ConnectionStrings:shabou", postgres.ConnectionString), ("Sessions:CodeFor", "00:05:00"));
        people.Provider.Account = Account.Someone();
        var code = await people.CodeAsync(gateway);
        using var browser = new Browser(gateway);
        var callback = await browser.SignInAtProviderAsync();

        await postgres.StopAsync(Cancelled);
        using (var refused = await people.ExchangeAsync(code, gateway: gateway))
            await UnavailableAsync(refused);
        using (var refused = await browser.GetAsync(callback))
            await UnavailableAsync(refused);

        await postgres.StartAsync(Cancelled);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(RecoveryLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(limit.Token))
        {
            using var answer = await people.ExchangeAsync(code, gateway: gateway);
            if (answer.StatusCode == HttpStatusCode.OK)
                return;
            await UnavailableAsync(answer);
        }
    }

    private static async Task UnavailableAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("/problems/database-unavailable", (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("type").GetString());
    }
}
