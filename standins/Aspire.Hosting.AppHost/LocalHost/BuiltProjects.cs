using System.Diagnostics;
using System.Reflection;

namespace Aspire.Hosting.LocalHost;

/// <summary>Where each project was built to: the AppHost's build wrote it down, so that no project file is evaluated at start.</summary>
internal sealed class BuiltProjects(Assembly? appHost)
{
    private const string Prefix = "localhostprogram:";

    private readonly Dictionary<string, string> _programs = (appHost?.GetCustomAttributes<AssemblyMetadataAttribute>() ?? [])
        .Where(a => a.Key.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(a => Path.GetFullPath(a.Key[Prefix.Length..]), a => a.Value!);

    /// <exception cref="DistributedApplicationException">It was not built.</exception>
    public string ProgramOf(string projectPath)
    {
        var program = _programs.GetValueOrDefault(Path.GetFullPath(projectPath)) ?? Ask(projectPath);
        return File.Exists(program) ? program
            : throw new DistributedApplicationException($"The project {projectPath} has not been built ({program} is missing): build the AppHost first.");
    }

    private static string Ask(string projectPath)
    {
        using var msbuild = Process.Start(new ProcessStartInfo("dotnet", ["msbuild", projectPath, "-getProperty:TargetPath"]) { RedirectStandardOutput = true })!;
        var path = msbuild.StandardOutput.ReadToEnd().Trim();
        msbuild.WaitForExit();
        return path;
    }
}
