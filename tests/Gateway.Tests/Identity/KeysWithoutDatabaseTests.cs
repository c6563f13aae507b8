using System.Net;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Identity;

public sealed class KeysWithoutDatabaseTests(GatewayFixture fixture, PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(30);
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);

    [Fact]
    public async Task While_the_database_is_away_known_keys_work_and_others_are_asked_to_wait()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var gateway = fixture.Gateway(("ConnectionStrings:shabou", postgres.ConnectionString), ("ApiKeys:FreshFor", "00:00:00"), ("ApiKeys:Patience", "00:00:05"));
        var (seen, unseen) = (await postgres.IssueAsync(), await postgres.IssueAsync());
        using var known = gateway.Client(seen);
        using var stranger = gateway.Client(unseen);
        Assert.Equal("answered", await known.GetStringAsync(Products, cancellationToken));

        await postgres.StopAsync(cancellationToken);
        Assert.Equal("answered", await known.GetStringAsync(Products, cancellationToken));
        using (var refused = await stranger.GetAsync(Products, cancellationToken))
        {
            await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "database-unavailable");
            Assert.Equal("5", refused.Header("Retry-After"));
        }

        await postgres.StartAsync(cancellationToken);
        await Until.TrueAsync(async () =>
        {
            using var answer = await stranger.GetAsync(Products, cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }, "the gateway finds the database again", RecoveryLimit);
    }
}
