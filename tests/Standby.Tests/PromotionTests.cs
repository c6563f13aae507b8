using System.Net;
using Npgsql;
using Shabou.Standby.Supervision;
using Shabou.Testing;

namespace Shabou.Standby.Tests;

/// <summary>T04 of the register, at the servers themselves.</summary>
public sealed class PromotionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_the_primary_is_killed_the_standby_goes_on_with_everything_that_was_acknowledged()
    {
        await using var pair = await TestPair.StartAsync();
        await using var writers = new Writers(pair.Services, count: 4).Start();
        await Until.TrueAsync(() => Task.FromResult(writers.Count > 200), 20, () => $"200 orders, but there are {writers.Count}");

        await pair.Primary.KillAsync();
        var begun = TimeProvider.System.GetTimestamp();
        var answer = await pair.PromoteAsync();
        Assert.True(answer.Promoted, answer.Sentence);
        Assert.Equal(0, answer.LostBytes);
        await Until.TrueAsync(() => Task.FromResult(writers.FirstAfter(begun) is not null), 15, () => $"writes, but: {writers.Errors.LastOrDefault()}");
        TestContext.Current.TestOutputHelper?.WriteLine($"writes back after {TimeProvider.System.GetElapsedTime(begun, writers.FirstAfter(begun)!.Value).TotalSeconds:0.00} s");
        var before = writers.Count;
        await Until.TrueAsync(() => Task.FromResult(writers.Count > before + 100), 20, () => "100 more orders");
        await writers.StopAsync();

        var stored = await pair.AskStandbyAsync<int[]>("SELECT array_agg(id) FROM orders");
        Assert.Empty(writers.Acknowledged.Except(stored));
    }

    [Fact]
    public async Task A_primary_that_is_alive_is_closed_before_the_standby_takes_over_and_nothing_is_lost()
    {
        await using var pair = await TestPair.StartAsync();
        await using var writers = new Writers(pair.Services, count: 2).Start();
        await Until.TrueAsync(() => Task.FromResult(writers.Count > 50), 20, () => "50 orders");
        var answer = await pair.PromoteAsync();
        Assert.True(answer.Promoted, answer.Sentence);
        var begun = TimeProvider.System.GetTimestamp();
        await Until.TrueAsync(() => Task.FromResult(writers.FirstAfter(begun) is not null), 15, () => $"writes, but: {writers.Errors.LastOrDefault()}");
        await writers.StopAsync();
        Assert.Empty(writers.Acknowledged.Except(await pair.AskStandbyAsync<int[]>("SELECT array_agg(id) FROM orders")));

        // Once promoted it stays so, whoever asks again and however often the programs start.
        Assert.True((await pair.PromoteAsync()).Promoted);
        await pair.StopProgramAsync();
        pair.StartProgram();
        await pair.UntilAsync(report => report.Role == StandbyRole.Primary, "the promoted server as primary");
        Assert.False(await pair.AskStandbyAsync<bool>("SELECT pg_is_in_recovery()"));
    }

    [Fact]
    public async Task Sessions_that_were_idle_while_the_primary_was_opened_again_are_not_left_read_only()
    {
        await using var pair = await TestPair.StartAsync();
        await using var service = NpgsqlDataSource.Create(pair.Services);
        var sessions = new List<NpgsqlConnection>();
        for (var i = 0; i < 5; i++) sessions.Add(await service.OpenConnectionAsync(Cancellation));
        foreach (var session in sessions) await session.DisposeAsync(); // idle in the pool
        await pair.Primary.RunAsync("SELECT pg_reload_conf()"); // it is locked by that
        await pair.Primary.UntilOpenAsync();
        for (var i = 1; i <= 10; i++) await Until.TrueAsync(() => TryInsertAsync(service, i), 15, () => $"order {i}");
    }

    [Fact]
    public async Task A_standby_that_is_too_far_behind_is_promoted_only_by_whoever_accepts_the_loss()
    {
        await using var pair = await TestPair.StartAsync();
        await pair.Primary.RunAsync("ALTER ROLE replication NOLOGIN", "postgres");
        await pair.Primary.RunAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_replication", "postgres");
        await pair.UntilAsync(report => report.Role == StandbyRole.Detached, "a standby that receives nothing");
        await pair.Primary.RunAsync("SET synchronous_commit = local; INSERT INTO orders SELECT generate_series(1, 10000)");
        var behind = await pair.UntilAsync(report => report.LagBytes > 500_000, "the lag");
        Assert.False(behind.IsInSync);
        await pair.Primary.KillAsync();

        var refused = await pair.PromoteAsync();
        Assert.False(refused.Promoted);
        Assert.Contains("too far behind", refused.Sentence, StringComparison.Ordinal);
        Assert.True(refused.LostBytes > 500_000, $"{refused.LostBytes}");
        Assert.True(await pair.AskStandbyAsync<bool>("SELECT pg_is_in_recovery()"));

        var accepted = await pair.PromoteAsync(acceptLoss: true);
        Assert.True(accepted.Promoted, accepted.Sentence);
        Assert.Equal(refused.LostBytes, accepted.LostBytes);
        await using var service = NpgsqlDataSource.Create(pair.Services);
        await using var insert = service.CreateCommand("INSERT INTO orders VALUES (20000)");
        Assert.Equal(1, await insert.ExecuteNonQueryAsync(Cancellation));
    }

    [Fact]
    public async Task What_nobody_has_seen_is_not_taken_for_in_step_and_nobody_promotes_without_the_key()
    {
        await using var pair = await TestPair.StartAsync();
        await pair.StopProgramAsync();
        await pair.Primary.KillAsync();
        pair.StartProgram();
        await pair.UntilAsync(report => report.Role == StandbyRole.Detached, "a standby without a primary");
        using var stranger = await pair.PostWithoutKeyAsync("/promotion?acceptLoss=true");
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Contains("\"/problems/unauthenticated\"", await stranger.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        var refused = await pair.PromoteAsync();
        Assert.False(refused.Promoted);
        Assert.Contains("has not been seen", refused.Sentence, StringComparison.Ordinal);
    }

    private static async Task<bool> TryInsertAsync(NpgsqlDataSource database, int id)
    {
        try
        {
            await using var insert = database.CreateCommand($"INSERT INTO orders VALUES ({id}) ON CONFLICT DO NOTHING");
            await insert.ExecuteNonQueryAsync(Cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
