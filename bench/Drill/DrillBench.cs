using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shabou.Backups;
using Shabou.Backups.Archive;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.Backups.Restoring;
using Shabou.LocalPostgres.Programs;
using Shabou.LocalPostgres.Servers;
using Shabou.Schema;

namespace Shabou.Bench;

/// <summary>A server with a million parts is backed up, written to, and killed. Restored with its whole disk gone, and once more with its WAL left: how long until
/// it answers again, and what is lost.</summary>
internal static class DrillBench
{
    private const int Afterwards = 1_000;
    private static readonly TimeSpan Goal = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan GoalOfLoss = TimeSpan.FromSeconds(1); // what the archive had not received when the disk went

    public static async Task<int> RunAsync(int parts, CancellationToken cancellationToken)
    {
        var root = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"shabou-drill-{Environment.ProcessId}")).FullName;
        try
        {
            return await RunAsync(root, parts, cancellationToken);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<int> RunAsync(string root, int parts, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("Backups:Folder", Path.Combine(root, "backups"))]);
        builder.AddBackups();
        using var host = builder.Build();
        T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();
        var programs = Get<PostgresPrograms>();
        var data = new DataFolder(Path.Combine(root, "data"));
        await data.InitializeAsync(programs, "postgres", cancellationToken);
        var server = await PostgresServer.StartAsync(programs, data, [("max_wal_size", "4GB")], cancellationToken: cancellationToken); // fsync on: as in production

        var clock = Stopwatch.StartNew();
        await SqlAsync(server.ConnectionString("postgres", "postgres"), "CREATE DATABASE shabou", cancellationToken);
        var login = new PostgresLogin(server.ConnectionString("postgres", "shabou"));
        await using (var context = new ShabouContext(new DbContextOptionsBuilder<ShabouContext>().UseNpgsql(login.ConnectionString).Options)) await context.Database.MigrateAsync(cancellationToken);
        await new CatalogData(parts).WriteAsync(login.ConnectionString, cancellationToken);
        await using (var connection = await login.OpenAsync(cancellationToken))
            Console.WriteLine($"drill: {parts:N0} parts, {Space.Words((await ServerFacts.ReadAsync(connection, cancellationToken)).Bytes)} in the database, written in {clock.Elapsed.TotalSeconds:0} s");

        var receiving = await Get<WalReceiver>().StartAsync(login, anew: false, cancellationToken);
        foreach (var kind in RunBackups.Kinds)
        {
            var outcome = await Get<RunBackups>().RunAsync(login, kind, cancellationToken);
            Console.WriteLine($"  {outcome.Sentence}");
            if (!outcome.Succeeded) return 1;
        }

        // Each write below is acknowledged; then the server dies as when the power goes.
        var acknowledged = new DateTimeOffset[Afterwards];
        for (var i = 0; i < Afterwards; i++)
        {
            await SqlAsync(login.ConnectionString, $"UPDATE catalog.products SET price_amount = price_amount + 0.001 WHERE id = '{CatalogData.PartId(i % parts)}'; INSERT INTO catalog.brands (id, name, search, slug) VALUES (gen_random_uuid(), 'after {i}', 'after {i}', 'after-{i}')", cancellationToken);
            acknowledged[i] = DateTimeOffset.UtcNow;
        }
        await server.KillAsync();
        var killed = DateTimeOffset.UtcNow;
        await receiving.Program.Exited;
        await server.DisposeAsync();
        var otherDisk = Directory.CreateDirectory(Path.Combine(root, "other-disk")).FullName;
        Directory.Move(Path.Combine(data.Path, "pg_wal"), Path.Combine(otherDisk, "pg_wal"));
        Directory.Delete(data.Path, recursive: true);

        var gone = await RestoreAsync("its whole disk gone", walLeftIn: data.Path);
        var window = gone.Lost == 0 ? TimeSpan.Zero : killed - acknowledged[Afterwards - gone.Lost];
        Console.WriteLine($"    the lost were acknowledged in the last {window.TotalMilliseconds:0} ms (goal: {GoalOfLoss.TotalMilliseconds:0} ms)");
        Directory.Delete(data.Path, recursive: true);
        var left = await RestoreAsync("its WAL on another disk", otherDisk);
        Console.WriteLine("    of those none may be lost");
        return gone.Took < Goal && left.Took < Goal && window < GoalOfLoss && left.Lost == 0 ? 0 : 1;

        async Task<(TimeSpan Took, int Lost)> RestoreAsync(string what, string walLeftIn)
        {
            clock.Restart();
            var plan = RestorePlan.Make(BackupShelf.All(Path.Combine(root, "backups")).Single(), until: null, withoutWal: false).WithWalOf(walLeftIn);
            var result = await Get<RestoreBase>().IntoPlaceAsync(plan, data, DateTimeOffset.UtcNow, cancellationToken);
            await using var again = await PostgresServer.StartAsync(programs, data, [("max_wal_size", "4GB")], cancellationToken: cancellationToken);
            var took = clock.Elapsed;
            await using var restored = await new PostgresLogin(again.ConnectionString("postgres", "shabou")).OpenAsync(cancellationToken);
            await using var count = new NpgsqlCommand("SELECT count(*) FROM catalog.brands WHERE name LIKE 'after %'", restored);
            var lost = Afterwards - (int)(long)(await count.ExecuteScalarAsync(cancellationToken))!;
            Console.WriteLine($"  {what}: {result.Rows.Values.Sum():N0} rows, {plan.Segments.Count} WAL segments; the server answers after {took.TotalSeconds:0.0} s (goal: {Goal.TotalSeconds:0} s); of {Afterwards:N0} acknowledged writes after the backup lost: {lost}");
            return (took, lost);
        }
    }

    private static async Task SqlAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await new PostgresLogin(connectionString).OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
