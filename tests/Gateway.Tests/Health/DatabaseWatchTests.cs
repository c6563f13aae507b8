using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shabou.Gateway.Database;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Health;

/// <summary>Each metric of PostgreSQL changes after what it is about has happened. A server of its own, which the test may disturb.</summary>
public sealed class DatabaseWatchTests(GatewayFixture fixture, PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sessions_transactions_sizes_and_plain_connections_are_measured()
    {
        using var gateway = Gateway();
        var plain = 0.0;
        using var counted = Listener(gateway, (name, value, _) => plain += name == "shabou.postgres.connections.plain" ? value : 0);
        var before = await MeasureAsync(gateway);
        Assert.Equal(1, before["shabou.postgres.up"]);
        Assert.Equal(PostgresServer.MaxConnections, before["shabou.postgres.connections.max"]);
        Assert.True(before["shabou.postgres.size"] > 5_000_000);

        await using var other = await OpenAsync();
        await ExecuteAsync(other, "BEGIN; SELECT 1"); // stays open: an idle transaction
        await using var second = await OpenAsync();
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(second, "SELECT 1/0"));
        await ExecuteAsync(second, "SELECT pg_stat_force_next_flush()");
        await ExecuteAsync(second, "SELECT 1");

        var after = await UntilAsync(gateway, now => Sum(now, "shabou.postgres.transactions", "rollback") > Sum(before, "shabou.postgres.transactions", "rollback"));
        Assert.True(Sum(after, "shabou.postgres.connections", "idle in transaction") >= 1);
        Assert.True(after["shabou.postgres.transaction.oldest"] > 0);
        Assert.True(Sum(after, "shabou.postgres.transactions", "commit") > 0);
        Assert.True(Sum(after, "shabou.postgres.blocks", "memory") > 0);
        Assert.True(Sum(after, "shabou.postgres.connections", "False") >= 2); // this server has no TLS
        Assert.InRange(plain, 2, 50); // each session once, however often it is seen
        foreach (var name in (string[])["shabou.postgres.deadlocks", "shabou.postgres.temporary", "shabou.postgres.statement.oldest"]) Assert.Contains(name, after.Keys);
    }

    [Fact]
    public async Task A_slow_statement_is_counted_once_the_extension_is_there()
    {
        using var gateway = Gateway();
        await using var other = await OpenAsync();
        await ExecuteAsync(other, "DROP EXTENSION IF EXISTS pg_stat_statements");
        Assert.DoesNotContain("shabou.postgres.statements", (await MeasureAsync(gateway)).Keys);
        await ExecuteAsync(other, "CREATE EXTENSION pg_stat_statements");
        var before = await MeasureAsync(gateway);
        await ExecuteAsync(other, "SELECT pg_sleep(0.6)");
        var after = await MeasureAsync(gateway);
        Assert.Equal(before["shabou.postgres.statements.slow"] + 1, after["shabou.postgres.statements.slow"]);
        Assert.True(after["shabou.postgres.statements"] > before["shabou.postgres.statements"]);
        Assert.True(after["shabou.postgres.statements.time"] >= before["shabou.postgres.statements.time"] + 0.6);
    }

    [Fact]
    public async Task Without_the_database_its_metrics_pause_and_come_back()
    {
        using var gateway = Gateway();
        Assert.Equal(1, (await MeasureAsync(gateway))["shabou.postgres.up"]);
        await postgres.StopAsync(Cancelled);
        try
        {
            var away = await MeasureAsync(gateway);
            Assert.Equal(0, away["shabou.postgres.up"]);
            Assert.DoesNotContain("shabou.postgres.size", away.Keys);
        }
        finally
        {
            await postgres.StartAsync(Cancelled);
        }
        await UntilAsync(gateway, now => now["shabou.postgres.up"] == 1);
    }

    [Fact]
    public async Task The_drivers_own_metrics_tell_who_has_a_connection_and_who_waits_for_one()
    {
        var name = $"pool {Guid.NewGuid():N}";
        await using var pool = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MaxPoolSize = 2, Timeout = 1 }.ConnectionString) { Name = name }.Build();
        var sums = new ConcurrentDictionary<string, double>();
        using var meters = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Meter.Name == "Npgsql") self.EnableMeasurementEvents(instrument); } };
        meters.SetMeasurementEventCallback<int>(Heard);
        meters.SetMeasurementEventCallback<long>(Heard);
        meters.SetMeasurementEventCallback<double>(Heard);
        meters.Start();

        var first = await pool.OpenConnectionAsync(Cancelled);
        var second = await pool.OpenConnectionAsync(Cancelled);
        Assert.Equal((2, 0, 2, 0), Connections());
        Assert.True(sums["db.client.connection.npgsql.create_time"] > 0);

        var waiting = pool.OpenConnectionAsync(Cancelled).AsTask();
        Assert.Equal((2, 0, 2, 1), Connections());
        await second.DisposeAsync();
        var third = await waiting;
        Assert.Equal((2, 0, 2, 0), Connections());

        await Assert.ThrowsAsync<NpgsqlException>(async () => await pool.OpenConnectionAsync(Cancelled)); // it waits in vain
        Assert.Equal(1, sums["db.client.connection.npgsql.timeouts"]);
        await ExecuteAsync(first, "SELECT 1");
        Assert.True(sums["db.client.operation.duration"] > 0);
        await first.DisposeAsync();
        Assert.Equal((1, 1, 2, 0), Connections());
        await third.DisposeAsync();
        Assert.Equal((0, 2, 2, 0), Connections());

        void Heard<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) where T : struct
        {
            var of = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
            if (!Equals(of.GetValueOrDefault("db.client.connection.pool.name"), name)) return; // the other tests of this process have pools too
            var measured = of.TryGetValue("db.client.connection.state", out var which) ? $"{instrument.Name} {which}" : instrument.Name;
            var amount = Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);
            sums.AddOrUpdate(measured, amount, (_, sum) => instrument.IsObservable ? amount : sum + amount);
        }

        (double Used, double Idle, double Max, double Waiting) Connections()
        {
            meters.RecordObservableInstruments();
            return (sums["db.client.connection.count used"], sums["db.client.connection.count idle"], sums["db.client.connection.max"], sums.GetValueOrDefault("db.client.connection.npgsql.pending_requests"));
        }
    }

    private GatewayHost Gateway() => fixture.Gateway(("ConnectionStrings:shabou", postgres.ConnectionString), ("DatabaseWatch:Every", "00:10:00")); // the test looks

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancelled);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private static async Task<Dictionary<string, double>> UntilAsync(GatewayHost gateway, Func<Dictionary<string, double>, bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var now = await MeasureAsync(gateway);
            if (isSo(now)) return now;
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static double Sum(Dictionary<string, double> measured, string name, string tag) => measured.Where(m => m.Key.StartsWith(name + "{", StringComparison.Ordinal) && m.Key.Contains(tag, StringComparison.Ordinal)).Sum(m => m.Value);

    // Every measurement under its name, and with its tags where it has some.
    private static async Task<Dictionary<string, double>> MeasureAsync(GatewayHost gateway)
    {
        await gateway.Services.GetRequiredService<DatabaseWatch>().LookAsync(Cancelled);
        var measured = new Dictionary<string, double>();
        Listen(gateway, (name, value, tags) => measured[tags.Length == 0 ? name : $"{name}{{{string.Join(",", tags.Select(t => t.Value))}}}"] = value);
        return measured;
    }

    private static void Listen(GatewayHost gateway, Action<string, double, KeyValuePair<string, object?>[]> heard)
    {
        using var listener = Listener(gateway, heard);
        listener.RecordObservableInstruments();
    }

    private static MeterListener Listener(GatewayHost gateway, Action<string, double, KeyValuePair<string, object?>[]> heard)
    {
        var meters = gateway.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Shabou.Postgres" && instrument.Meter.Scope == meters) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => heard(instrument.Name, value, tags.ToArray()));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => heard(instrument.Name, value, tags.ToArray()));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => heard(instrument.Name, value, tags.ToArray()));
        listener.Start();
        return listener;
    }
}
