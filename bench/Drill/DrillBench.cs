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

/// <summary>A server with a million parts is backed up, written to, and destroyed: how long until it answers again, and what is lost.</summary>
internal static class DrillBench
{
    private const int Afterwards = 1_000;
    private static readonly TimeSpan Goal = TimeSpan.FromMinutes(10);

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
        for (var i = 0; i < Afterwards; i++)
            await SqlAsync(login.ConnectionString, $"UPDATE catalog.products SET price_amount = price_amount + 0.001 WHERE id = '{CatalogData.PartId(i % parts)}'; INSERT INTO catalog.brands (id, name, search, slug) VALUES (gen_random_uuid(), 'after {i}', 'after {i}', 'after-{i}')", cancellationToken);
        await server.KillAsync();
        await receiving.Program.Exited;
        await server.DisposeAsync();
        foreach (var folder in (string[])["base", "global"]) Directory.Delete(Path.Combine(data.Path, folder), recursive: true); // all tables; its WAL can be read

        clock.Restart();
        var plan = RestorePlan.Make(BackupShelf.All(Path.Combine(root, "backups")).Single(), until: null, withoutWal: false).WithWalOf(data.Path);
        var result = await Get<RestoreBase>().IntoPlaceAsync(plan, data, DateTimeOffset.UtcNow, cancellationToken);
        await using var again = await PostgresServer.StartAsync(programs, data, [("max_wal_size", "4GB")], cancellationToken: cancellationToken);
        var took = clock.Elapsed;
        await using var restored = await new PostgresLogin(again.ConnectionString("postgres", "shabou")).OpenAsync(cancellationToken);
        await using var count = new NpgsqlCommand("SELECT count(*) FROM catalog.brands WHERE name LIKE 'after %'", restored);
        var kept = (long)(await count.ExecuteScalarAsync(cancellationToken))!;
        Console.WriteLine($"  destroyed and restored: {result.Rows.Values.Sum():N0} rows, {plan.Segments.Count} WAL segments; the server answers after {took.TotalSeconds:0.0} s (goal: {Goal.TotalSeconds:0} s)");
        Console.WriteLine($"  acknowledged writes after the backup: {Afterwards:N0}, lost: {Afterwards - kept} (goal: 0)");
        return kept == Afterwards && took < Goal ? 0 : 1;
    }

    private static async Task SqlAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await new PostgresLogin(connectionString).OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
