using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema;

namespace Shabou.Gateway.Tests.Identity;

/// <summary>The plan of connections counts one pool for the gateway, and one connection beside it.</summary>
public sealed class ConnectionCountTests(GatewayFixture fixture)
{
    private const int Pool = 4;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_its_pool_is_full_the_gateway_opens_no_other()
    {
        var database = await fixture.Postgres.NewDatabaseAsync();
        var name = $"gateway {Guid.NewGuid():N}";
        var settings = new NpgsqlConnectionStringBuilder(database) { MaxPoolSize = Pool, ApplicationName = name, Timeout = 30 };
        using var gateway = fixture.Gateway(("ConnectionStrings:shabou", settings.ConnectionString), ("ApiKeys:Patience", "00:00:30"));
        var clients = new List<HttpClient>();
        for (var i = 0; i < 3 * Pool; i++) clients.Add(gateway.Client(await fixture.Postgres.IssueAsync(database: database)));
        await using var other = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await other.OpenAsync(Cancelled);

        var transaction = await other.BeginTransactionAsync(Cancelled);
        await using (var take = new NpgsqlCommand("LOCK TABLE identity.api_keys IN ACCESS EXCLUSIVE MODE", other)) await take.ExecuteNonQueryAsync(Cancelled);
        var answers = clients.ConvertAll(client => client.GetAsync(new Uri("/api/v1/me", UriKind.Relative), Cancelled)); // each waits for the lock
        await using var watch = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString); // within a transaction one sees the first look again and again
        await watch.OpenAsync(Cancelled);
        await Until.TrueAsync(async () => await CountAsync(watch, name) >= Pool, "the pool is full");
        using var prober = gateway.Client();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var i = 0; i < 40; i++)
        {
            using var health = await prober.GetAsync(new Uri("/health", UriKind.Relative), Cancelled);
            Assert.InRange(await CountAsync(watch, name), Pool, Pool + 2); // the one beside it, and one that was just closed
            await timer.WaitForNextTickAsync(Cancelled);
        }
        await transaction.DisposeAsync();

        foreach (var answer in await Task.WhenAll(answers))
            using (answer) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(gateway.Services.GetService<DbContextOptions<ShabouContext>>()); // whose pool would be another
        clients.ForEach(client => client.Dispose());
    }

    private static async Task<int> CountAsync(NpgsqlConnection connection, string name)
    {
        await using var count = new NpgsqlCommand("SELECT count(*)::int FROM pg_stat_activity WHERE application_name = $1", connection) { Parameters = { new() { Value = name } } };
        return (int)(await count.ExecuteScalarAsync(Cancelled))!;
    }
}
