using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shabou.Gateway.Database;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Health;

/// <summary>The alert for backups that are too old, as the gateway raises it with its role's grants while nobody makes backups.</summary>
public sealed class BackupAgeWatchTests(GatewayFixture fixture, PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_kind_that_is_too_old_is_an_alert_by_the_gateways_role_and_two_gateways_say_it_once()
    {
        await ExecuteAsync("""
            DELETE FROM ops.alerts; DELETE FROM ops.backups;
            INSERT INTO ops.backups (id, kind, finished_at, verified_at) VALUES (gen_random_uuid(), 'dump', now() - interval '1 hour', now()), (gen_random_uuid(), 'base', now() - interval '21 days', now())
            """);
        await LookTwiceAsync();
        Assert.Equal(["base: The newest verified base backup is 504 h old: look why none was made since, and make one with 'Back up now'."], await AlertsAsync());
    }

    [Fact]
    public async Task A_shop_that_never_had_a_verified_backup_is_an_alert_once_it_is_older_than_one_may_be()
    {
        await ExecuteAsync("DELETE FROM ops.alerts; DELETE FROM ops.backups; DELETE FROM ops.secret_versions; INSERT INTO ops.secret_versions (name, fingerprint, first_seen_at) VALUES ('x', sha256('x'), now() - interval '25 hours')");
        await LookTwiceAsync();
        Assert.Empty(await AlertsAsync()); // a new shop has its first night before it

        await ExecuteAsync("UPDATE ops.secret_versions SET first_seen_at = now() - interval '30 hours' WHERE name = 'x'");
        await LookTwiceAsync();
        Assert.Equal(["base", "dump"], (await AlertsAsync()).Select(alert => alert.Split(": There is no verified ")[0]));
    }

    [Fact]
    public async Task How_old_is_a_setting()
    {
        await ExecuteAsync("""
            DELETE FROM ops.alerts; DELETE FROM ops.backups;
            INSERT INTO ops.backups (id, kind, finished_at, verified_at) SELECT gen_random_uuid(), kind, now() - interval '27 hours', now() FROM unnest(ARRAY['dump', 'base']) kind
            """);
        await LookTwiceAsync(("Backups:TooOld", "2.00:00:00"));
        Assert.Empty(await AlertsAsync());
    }

    private async Task LookTwiceAsync(params (string Key, string? Value)[] settings)
    {
        var role = await GatewayRole.LogInAsync(postgres, Cancelled);
        for (var replica = 1; replica <= 2; replica++)
        {
            using var gateway = fixture.Gateway([("ConnectionStrings:shabou", role), .. settings]);
            await gateway.Services.GetRequiredService<BackupAgeWatch>().LookAsync(Cancelled);
        }
    }

    private async Task<List<string>> AlertsAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand("SELECT subject || ': ' || summary FROM ops.alerts WHERE kind = 'backup-too-old' ORDER BY subject", connection);
        await using var rows = await command.ExecuteReaderAsync(Cancelled);
        var alerts = new List<string>();
        while (await rows.ReadAsync(Cancelled)) alerts.Add(rows.GetString(0));
        return alerts;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(Cancelled);
        return connection;
    }
}
