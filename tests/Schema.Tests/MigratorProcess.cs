using System.Diagnostics;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

/// <summary>Runs the real Migrator as AppHost does.</summary>
internal static class MigratorProcess
{
    public const string AdminKey = "an-administrators-key-of-43-characters-0123";

    /// <summary>Beside its own dependencies: the copy in the tests' folder has theirs.</summary>
    private static string Built { get; } = Path.Combine(
        AppContext.BaseDirectory.Replace(Path.Combine("tests", "Schema.Tests"), "Migrator", StringComparison.Ordinal), "Migrator.dll");

    public static string PasswordOf(string role) => $"password-of-{role}-for-tests";

    public static async Task<(int ExitCode, string Output)> RunAsync(
        string connectionString, bool demo = true, string? adminKey = AdminKey, string? bootstrapToken = null, string environment = "Development", string[]? arguments = null, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Built, .. arguments ?? []])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = environment;
        start.Environment["ConnectionStrings__shabou"] = connectionString;
        if (!demo) start.Environment["DemoParts"] = "0";
        start.Environment["AdminApiKey"] = adminKey;
        start.Environment["BootstrapToken"] = bootstrapToken;
        foreach (var role in Roles.All) start.Environment[$"Roles__{role}__Password"] = PasswordOf(role);
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(4));
        return (process.ExitCode, await output + await error);
    }
}
