using Npgsql;
using Shabou.Standby.Supervision;
using Shabou.Testing;

namespace Shabou.Standby.Tests;

/// <summary>T05 of the register: the old primary comes back, started again or only thawed.</summary>
public sealed class OldPrimaryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_old_primary_that_is_started_again_takes_no_write_and_is_chosen_by_nobody()
    {
        await using var pair = await TestPair.StartAsync();
        await using var service = NpgsqlDataSource.Create(pair.Services);
        await ExecuteAsync(service, "INSERT INTO orders VALUES (1)");
        await pair.Primary.KillAsync();
        Assert.True((await pair.PromoteAsync()).Promoted);
        // Nobody looks after it: it must be closed by itself.
        await pair.StopProgramAsync();
        await pair.Primary.StartAgainAsync();
        await using var old = NpgsqlDataSource.Create(pair.Primary.ConnectionString("app", "shop"));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(old, "INSERT INTO orders VALUES (2)"))).SqlState);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(service, "INSERT INTO orders VALUES (3)")); // rather nowhere than there
        // Whoever insists waits for a standby that will never say yes.
        await using var forced = NpgsqlDataSource.Create(pair.Primary.ConnectionString("app", "shop") + ";Options=-c default_transaction_read_only=off;Command Timeout=2;Cancellation Timeout=-1");
        await Assert.ThrowsAsync<NpgsqlException>(() => ExecuteAsync(forced, "INSERT INTO orders VALUES (4)"));

        pair.StartProgram();
        await pair.UntilAsync(report => report is { Role: StandbyRole.Primary, PrimarySeenAt: not null }, "the new primary, and the old one in sight");
        await using var again = NpgsqlDataSource.Create(pair.Services);
        for (var id = 10; id < 30; id++)
        {
            await ExecuteAsync(service, $"INSERT INTO orders VALUES ({id})");
            await ExecuteAsync(again, $"INSERT INTO orders VALUES ({id + 100})");
        }
        Assert.Equal(41, await pair.AskStandbyAsync<long>("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task An_old_primary_that_was_only_frozen_is_closed_and_its_sessions_end_without_an_acknowledgement()
    {
        await using var pair = await TestPair.StartAsync();
        await using var old = NpgsqlDataSource.Create(pair.Primary.ConnectionString("app", "shop") + ";Pooling=true;Command Timeout=60");
        await using var session = await old.OpenConnectionAsync(Cancellation);
        pair.Primary.Signal(Signals.Stop);
        try
        {
            await using var insert = new NpgsqlCommand("INSERT INTO orders VALUES (1)", session);
            var writing = insert.ExecuteNonQueryAsync(Cancellation);
            Assert.True((await pair.PromoteAsync()).Promoted);
            pair.Primary.Signal(Signals.Continue);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => writing.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        }
        finally
        {
            pair.Primary.Signal(Signals.Continue);
        }
        await using var next = NpgsqlDataSource.Create(pair.Primary.ConnectionString("app", "shop"));
        await Until.TrueAsync(async () => (await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(next, "INSERT INTO orders VALUES (2)"))) is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction }, 10, () => "a closed primary");
        Assert.Equal(0, await pair.AskStandbyAsync<long>("SELECT count(*) FROM orders"));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
