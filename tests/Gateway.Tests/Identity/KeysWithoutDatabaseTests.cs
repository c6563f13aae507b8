using System.Diagnostics;
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
        var started = Stopwatch.StartNew();
        while (true)
        {
            using var answer = await stranger.GetAsync(Products, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK)
                break;
            Assert.True(started.Elapsed < RecoveryLimit, "The gateway did not find the database again.");
            await Task.Delay(50, cancellationToken);
        }
    }
}
