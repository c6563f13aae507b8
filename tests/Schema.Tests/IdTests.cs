using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

public sealed class IdTests(TestServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void A_hundred_thousand_ids_are_unique_and_in_the_order_of_their_milliseconds() => Make(100_000);

    [Fact]
    [Trait("Category", "Faults")]
    public void Ten_million_ids_are_unique_and_in_the_order_of_their_milliseconds() => Make(10_000_000);

    [Fact]
    public async Task PostgreSQL_sorts_them_as_they_were_made_and_needs_no_extension_for_it()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancelled);
        await using (var forbid = new NpgsqlCommand(
            """
            CREATE FUNCTION forbid() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF current_query() ILIKE '%uuid-ossp%' THEN RAISE 'uuid-ossp is absent'; END IF; END $$;
            CREATE EVENT TRIGGER forbid ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION') EXECUTE FUNCTION forbid();
            """, connection)) await forbid.ExecuteNonQueryAsync(Cancelled);
        await using (var context = TestServers.ContextOn(database)) await context.Database.MigrateAsync(Cancelled);

        await using (var table = new NpgsqlCommand("CREATE TEMPORARY TABLE ids (n int, id uuid PRIMARY KEY)", connection)) await table.ExecuteNonQueryAsync(Cancelled);
        var at = DateTimeOffset.UtcNow;
        await using (var copy = await connection.BeginBinaryImportAsync("COPY ids FROM STDIN (FORMAT binary)", Cancelled))
        {
            for (var n = 0; n < 20_000; n++)
            {
                await copy.StartRowAsync(Cancelled);
                await copy.WriteAsync(n, NpgsqlDbType.Integer, Cancelled);
                await copy.WriteAsync(Guid.CreateVersion7(at.AddMilliseconds(n)), NpgsqlDbType.Uuid, Cancelled);
            }
            await copy.CompleteAsync(Cancelled);
        }
        await using var disorder = new NpgsqlCommand("SELECT count(*) FROM (SELECT n, lag(n) OVER (ORDER BY id) AS before FROM ids) i WHERE before > n", connection);
        Assert.Equal(0L, await disorder.ExecuteScalarAsync(Cancelled));
        await using var extensions = new NpgsqlCommand("SELECT count(*) FROM pg_extension WHERE extname = 'uuid-ossp'", connection);
        Assert.Equal(0L, await extensions.ExecuteScalarAsync(Cancelled));
    }

    // By several threads, as several replicas make them.
    private static void Make(int count)
    {
        var ids = new Guid[count];
        Parallel.ForEach(System.Collections.Concurrent.Partitioner.Create(0, count), range =>
        {
            Span<byte> last = stackalloc byte[16];
            Span<byte> bytes = stackalloc byte[16];
            last.Clear();
            for (var i = range.Item1; i < range.Item2; i++)
            {
                ids[i] = Guid.CreateVersion7();
                Assert.True(ids[i].TryWriteBytes(bytes, bigEndian: true, out _));
                Assert.True(bytes[..6].SequenceCompareTo(last[..6]) >= 0); // the first 48 bits are the millisecond
                bytes.CopyTo(last);
            }
        });
        Array.Sort(ids);
        for (var i = 1; i < count; i++) Assert.True(ids[i] != ids[i - 1]);
    }
}
