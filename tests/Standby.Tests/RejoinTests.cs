using Npgsql;
using Shabou.Standby.Supervision;
using Shabou.Testing;

namespace Shabou.Standby.Tests;

public sealed class RejoinTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_old_primary_becomes_a_standby_and_then_the_primary_again_and_no_order_is_lost()
    {
        await using var pair = await TestPair.StartAsync();
        await using var service = NpgsqlDataSource.Create(pair.Services);
        await InsertAsync(service, 1);
        await pair.Primary.KillAsync();
        var answer = await pair.PromoteAsync();
        Assert.True(answer.Promoted, answer.Sentence);
        await UntilInsertedAsync(service, 2);
        Assert.Contains("has no PostgreSQL server's data", await pair.OrderAsync("/rejoin?data=/nowhere"), StringComparison.Ordinal);

        await pair.OrderAsync($"/rejoin?data={pair.Primary.Data.Path}");
        await pair.Primary.StartAgainAsync();
        await pair.UntilAsync(report => report is { Role: StandbyRole.Primary, IsInSync: true }, "a pair in step");
        await UntilInsertedAsync(service, 3);

        var back = await pair.PromoteAsync();
        Assert.True(back.Promoted, back.Sentence);
        Assert.Equal(0, back.LostBytes);
        await pair.UntilAsync(report => report is { Role: StandbyRole.Standby, IsInSync: true }, "the pair as it was at first");
        Assert.Equal("1 2 3", await pair.AskStandbyAsync<string>("SELECT string_agg(id::text, ' ' ORDER BY id) FROM orders"));
        Assert.True(await pair.AskStandbyAsync<bool>("SELECT pg_is_in_recovery()"));
        await UntilInsertedAsync(service, 4);
    }

    [Fact]
    public async Task A_rejoined_primary_finds_the_new_one_when_all_is_started_again_at_other_ports()
    {
        await using var pair = await TestPair.StartAsync();
        await pair.Primary.KillAsync();
        var answer = await pair.PromoteAsync();
        Assert.True(answer.Promoted, answer.Sentence);
        await pair.OrderAsync($"/rejoin?data={pair.Primary.Data.Path}");
        await pair.Primary.StartAgainAsync();
        await pair.UntilAsync(report => report is { Role: StandbyRole.Primary, IsInSync: true }, "a pair in step");

        await pair.StopProgramAsync();
        await pair.Primary.StopAsync();
        pair.Move();
        await pair.Primary.StartAgainAsync();
        pair.StartProgram();
        await pair.UntilAsync(report => report is { Role: StandbyRole.Primary, IsInSync: true }, "the pair in step again");
        await using var service = NpgsqlDataSource.Create(pair.Services);
        await UntilInsertedAsync(service, 1);
        await using var standby = NpgsqlDataSource.Create(pair.Primary.ConnectionString(database: "shop"));
        await using var count = standby.CreateCommand("SELECT count(*) FROM orders WHERE pg_is_in_recovery()");
        await Until.TrueAsync(async () => await count.ExecuteScalarAsync(Cancellation) is 1L, 10, () => "the order on the standby too");
    }

    [Fact]
    public async Task A_standby_is_made_anew_when_asked_for()
    {
        await using var pair = await TestPair.StartAsync();
        Assert.Contains("has not been promoted", await pair.OrderAsync($"/rejoin?data={pair.Primary.Data.Path}"), StringComparison.Ordinal);
        await pair.OrderAsync("/copy");
        await pair.UntilAsync(report => report is { Role: StandbyRole.Standby, IsInSync: true }, "a standby in step");
        await pair.Primary.RunAsync("INSERT INTO orders VALUES (1)");
        Assert.Equal(1, await pair.AskStandbyAsync<long>("SELECT count(*) FROM orders"));
    }

    private static async Task InsertAsync(NpgsqlDataSource database, int id)
    {
        await using var insert = database.CreateCommand($"INSERT INTO orders VALUES ({id}) ON CONFLICT DO NOTHING");
        await insert.ExecuteNonQueryAsync(Cancellation);
    }

    // A pooled connection to the server that went tells so when it is used. Whether it was stored is not known then, and asking again does no harm.
    private static async Task UntilInsertedAsync(NpgsqlDataSource database, int id)
    {
        NpgsqlException? refused = null;
        await Until.TrueAsync(async () =>
        {
            try
            {
                await InsertAsync(database, id);
                return true;
            }
            catch (NpgsqlException error)
            {
                refused = error;
                return false;
            }
        }, 15, () => $"order {id}, but: {refused?.Message} {refused?.InnerException?.Message}");
    }
}
