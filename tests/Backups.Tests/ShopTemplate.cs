using System.Diagnostics;
using Shabou.LocalPostgres.Programs;
using Shabou.LocalPostgres.Servers;
using Shabou.Schema;

[assembly: AssemblyFixture(typeof(Shabou.Backups.Tests.ShopTemplate))]

namespace Shabou.Backups.Tests;

/// <summary>A server's data with a migrated database, made once: each test copies it, so that it may destroy its own.</summary>
public sealed class ShopTemplate : IAsyncLifetime
{
    public const string Superuser = "postgres";
    private readonly string _root = Path.Combine(Path.GetTempPath(), $"shabou-backup-tests-{Guid.NewGuid():N}"[..31]);
    private DataFolder? _data;

    internal PostgresPrograms Programs { get; } = new(null);

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_root);
        _data = NewFolder();
        await _data.InitializeAsync(Programs, Superuser, CancellationToken.None);
        await using var server = await PostgresServer.StartAsync(Programs, _data, Shop.Settings);
        await Shop.RunAsync(server.ConnectionString(Superuser, "postgres"), "CREATE DATABASE shabou");
        var (exitCode, output) = await RunMigratorAsync(server.ConnectionString(Superuser, "shabou"));
        Assert.True(exitCode == 0, output);
        await server.StopAsync();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A server of its own on a copy of the data, with an empty folder for its backups.</summary>
    internal async Task<Shop> OpenAsync(params (string Key, string? Value)[] settings)
    {
        var data = NewFolder();
        await RunningProgram.RunAsync("/bin/cp", ["-a", _data!.Path, data.Path]);
        var shop = new Shop(Programs, data, Path.Combine(_root, $"backups-{Guid.NewGuid():N}"[..16]), settings);
        await shop.StartAsync();
        return shop;
    }

    internal DataFolder NewFolder() => new(Path.Combine(_root, $"data-{Guid.NewGuid():N}"[..13]));

    /// <summary>Runs the real Migrator.</summary>
    internal static async Task<(int ExitCode, string Output)> RunMigratorAsync(string connectionString, params (string Key, string Value)[] settings)
    {
        var folder = AppContext.BaseDirectory.Replace(Path.Combine("tests", "Backups.Tests"), "Migrator", StringComparison.Ordinal);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "Migrator.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["ConnectionStrings__shabou"] = connectionString;
        start.Environment["DemoParts"] = "0";
        foreach (var role in Roles.Services.Append(Roles.Migrator)) start.Environment[$"Roles__{role}__Password"] = $"password-of-{role}-for-tests";
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, await output + await error);
    }
}
