using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>Where a project is; the AppHost's build writes one class per referenced project, in namespace Projects.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    string ProjectPath { get; }

    LaunchSettings? LaunchSettings => null;

    bool SuppressBuild => false;
}

internal sealed class ProjectAtPath(string path) : IProjectMetadata
{
    public string ProjectPath { get; } = path;
}

public class ProjectResourceOptions
{
    public string? LaunchProfileName { get; set; }

    public bool ExcludeLaunchProfile { get; set; }

    public bool ExcludeKestrelEndpoints { get; set; }
}

public sealed class LaunchSettings
{
    public Dictionary<string, LaunchProfile> Profiles { get; set; } = [];

    internal static LaunchSettings? Read(string projectPath)
    {
        var file = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        return File.Exists(file) ? JsonSerializer.Deserialize<LaunchSettings>(File.ReadAllBytes(file), Format) : null;
    }

    private static readonly JsonSerializerOptions Format =
        new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
}

public sealed class LaunchProfile
{
    public string? CommandName { get; set; }

    public string? ApplicationUrl { get; set; }

    public string? CommandLineArgs { get; set; }

    public Dictionary<string, string> EnvironmentVariables { get; set; } = [];
}
