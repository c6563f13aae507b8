using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Backups;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.Backups.Restoring;
using Shabou.LocalPostgres;
using Shabou.LocalPostgres.Programs;
using Shabou.LocalPostgres.Servers;

namespace Shabou.BackupService.Restoring;

/// <summary>The command line <c>restore</c>: says what it will do and what will be lost, asks, and does it.</summary>
internal static class RestoreCommand
{
    private const int Done = 0;
    private const int Refused = 1;
    private const int Misused = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Contains("--help"))
        {
            Console.WriteLine(RestoreWish.Usage);
            return Done;
        }
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddBackups();
        using var host = builder.Build();
        try
        {
            var wish = RestoreWish.Read(args);
            if (wish.List)
            {
                foreach (var line in BackupList.Lines(host.Services.GetRequiredService<IOptions<BackupOptions>>().Value.RequireFolder(), wish.System)) Console.WriteLine(line);
                return Done;
            }
            return wish.Database is null ? await RestoreAsync(host.Services, wish) : await RestoreDumpAsync(host.Services, wish);
        }
        catch (FormatException misused)
        {
            await Console.Error.WriteLineAsync($"{misused.Message}\n\n{RestoreWish.Usage}");
            return Misused;
        }
        catch (Exception refused) when (refused is BackupException or LocalPostgresException or OptionsValidationException or NpgsqlException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"Nothing was restored: {refused.Message}");
            return Refused;
        }
    }

    private static async Task<int> RestoreAsync(IServiceProvider services, RestoreWish wish)
    {
        var options = services.GetRequiredService<IOptions<BackupOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        var shelf = Shelf(options.RequireFolder(), wish.System, MakeBase.Kind);
        var plan = RestorePlan.Make(shelf, wish.Until, wish.WithoutWal, wish.Backup);
        var target = new DataFolder(wish.Into ?? plan.Backup.Manifest.DataDirectory ?? throw new BackupException("The backup does not say where its server has its data: name the folder with --into <folder>."));
        RestoreBase.RequireStopped(target);
        plan = plan.WithWalOf(plan.Backup.Manifest.DataDirectory ?? target.Path);
        foreach (var sentence in plan.Describe(time.GetUtcNow())) Console.WriteLine(sentence);
        Console.WriteLine(Directory.Exists(target.Path) ? $"Into {target.Path}; what is there now is kept beside it." : $"Into {target.Path}, which does not exist yet.");
        if (!wish.Yes && !Ask()) return Refused;

        var clock = Stopwatch.StartNew();
        RestoreResult result;
        try
        {
            result = await services.GetRequiredService<RestoreBase>().IntoPlaceAsync(plan, target, time.GetUtcNow(), CancellationToken.None);
        }
        catch (BackupException damaged) when (damaged.IsDamage)
        {
            throw new BackupException($"{damaged.Message} {Others(shelf, plan.Backup, wish.Until)}", damaged);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Restored {result.Rows.Values.Sum():N0} rows in {result.Rows.Count} tables, schema {result.AppliedMigration}, in {clock.Elapsed.TotalSeconds:0.0} s{(result.LastTransaction is { } last ? $"; the last transaction is of {last}" : "")}."));
        if (result.Kept is { } kept) Console.WriteLine($"What was there before is in {kept}: remove it when all is well.");
        Console.WriteLine("Start the server, and then the services.");
        return Done;
    }

    private static async Task<int> RestoreDumpAsync(IServiceProvider services, RestoreWish wish)
    {
        var login = new PostgresLogin(wish.Database!);
        var dump = wish.Dump ?? Path.Combine(Shelf(services.GetRequiredService<IOptions<BackupOptions>>().Value.RequireFolder(), wish.System, MakeDump.Kind).Require(MakeDump.Kind, wish.Backup!).Folder, MakeDump.FileName);
        Console.WriteLine($"Restores {dump} into the empty database {login.Database} at {login.Host}:{login.Port}; what was written after the dump is not in it.");
        if (!wish.Yes && !Ask()) return Refused;
        var rows = await services.GetRequiredService<RestoreDump>().RunAsync(dump, login, CancellationToken.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Restored {rows:N0} rows. Run Migrator next: it makes the grants."));
        return Done;
    }

    /// <summary>What a damaged backup can be replaced by.</summary>
    private static string Others(BackupShelf shelf, StoredBackup damaged, DateTimeOffset? until)
    {
        var others = shelf.List(MakeBase.Kind).Where(backup => backup.Name != damaged.Name && backup.VerifiedAt is not null && (until is null || backup.Manifest.FinishedAt <= until)).Select(backup => backup.Name).ToList();
        return others.Count == 0 ? "There is no other verified base backup that fits." : $"These fit, with --backup <name>: {string.Join(", ", others)}.";
    }

    private static BackupShelf Shelf(string folder, string? system, string kind)
    {
        var shelves = BackupShelf.All(folder).Where(shelf => system is null || Path.GetFileName(shelf.Folder) == system).Where(shelf => shelf.List(kind).Count > 0).ToList();
        return shelves switch
        {
            [var only] => only,
            [] => throw new BackupException($"There is no {(kind == MakeBase.Kind ? "base backup" : kind)} {(system is null ? "" : $"of server {system} ")}in {folder}: set Backups__Folder to the folder of backups or of their copies."),
            _ => throw new BackupException($"{folder} has backups of several servers: name one with --server ({string.Join(", ", shelves.Select(shelf => $"{Path.GetFileName(shelf.Folder)} of {RestorePlan.Text(shelf.List(kind)[0].Manifest.FinishedAt)}"))})."),
        };
    }

    private static bool Ask()
    {
        Console.Write("Go on? Type yes: ");
        if (Console.ReadLine()?.Trim() == "yes") return true;
        Console.WriteLine("Nothing was restored.");
        return false;
    }
}
