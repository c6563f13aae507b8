using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shabou.Idempotency;
using StackExchange.Redis;

namespace Shabou.CatalogApi.Tests;

public sealed class IdempotencyTurnTests(Catalog catalog) : IClassFixture<Catalog>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_first_request_runs_its_repetitions_hold_no_connection()
    {
        await using var blocker = new NpgsqlConnection(catalog.ConnectionString);
        await blocker.OpenAsync(Cancellation);
        await using var transaction = await blocker.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(blocker, "LOCK TABLE catalog.brands IN SHARE ROW EXCLUSIVE MODE"); // the first one stops at its insert
        var requests = Enumerable.Range(0, 30).Select(_ => PostAsync("turns")).ToArray();

        await UntilAsync(async () => await WaitingForBrandsAsync() == 1);
        var looks = 0;
        await UntilAsync(async () =>
        {
            Assert.Equal(1, await WaitingForBrandsAsync()); // the others ask Redis, again and again
            return ++looks == 20;
        });

        await transaction.CommitAsync(Cancellation);
        var answers = await Task.WhenAll(requests);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.Single(answers.Select(answer => answer.Body).Distinct());
        Assert.Equal(29, answers.Count(answer => answer.Replayed));
    }

    [Fact]
    public async Task A_lock_that_is_another_s_is_not_given_back()
    {
        var turns = catalog.Services.GetRequiredService<Turns>();
        byte[] key = [1, 2, 3];
        var (turn, token) = await turns.TakeAsync(key, Cancellation);
        Assert.Equal(Turn.Taken, turn);
        await Redis.StringSetAsync(Turns.NameOf(key), "another's"); // ours lapsed, and somebody else took it
        await turns.GiveBackAsync(key, token!, isAnswered: true);
        Assert.Equal("another's", await Redis.StringGetAsync(Turns.NameOf(key)));
        await Redis.KeyDeleteAsync(Turns.NameOf(key));
    }

    [Fact]
    public async Task A_refused_request_lets_the_next_one_try()
    {
        var turns = catalog.Services.GetRequiredService<Turns>();
        byte[] key = [4, 5, 6];
        var (_, first) = await turns.TakeAsync(key, Cancellation);
        Assert.True(await Redis.KeyTimeToLiveAsync(Turns.NameOf(key)) is { } left && left <= Turns.Lapse); // a killed holder is out of the way then
        await turns.GiveBackAsync(key, first!, isAnswered: false);
        var (turn, second) = await turns.TakeAsync(key, Cancellation);
        Assert.Equal(Turn.Taken, turn);
        await turns.GiveBackAsync(key, second!, isAnswered: true);
        Assert.Equal((Turn.Free, null), await turns.TakeAsync(key, Cancellation));
    }

    private IDatabase Redis => catalog.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

    private async Task<(HttpStatusCode Status, string Body, bool Replayed)> PostAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/brands") { Content = JsonContent.Create(new { slug = "turns", name = "Turns" }), Headers = { { "Idempotency-Key", key } } };
        using var response = await catalog.Client.SendAsync(request, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation), response.Headers.Contains("Idempotency-Replayed"));
    }

    private Task<long> WaitingForBrandsAsync() => CountAsync("wait_event_type = 'Lock'");

    private async Task<long> CountAsync(string condition)
    {
        await using var connection = new NpgsqlConnection(catalog.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {condition}", connection);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await holds()) await tick.WaitForNextTickAsync(limit.Token);
    }
}
