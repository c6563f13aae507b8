using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.LocalHost;

/// <summary>Which profile of a project's launchSettings.json applies; its environment is where Development comes from.</summary>
internal sealed record LaunchProfileChoice(string? Name, LaunchProfile? Profile)
{
    public static LaunchProfileChoice For(IDistributedApplicationBuilder builder, string resource, IProjectMetadata project, ProjectResourceOptions options)
    {
        var none = new LaunchProfileChoice(null, null);
        if (options.ExcludeLaunchProfile)
            return none;

        var profiles = (project.LaunchSettings ?? LaunchSettings.Read(project.ProjectPath))?.Profiles;
        if (options.LaunchProfileName is { } named)
        {
            return profiles is not null && profiles.TryGetValue(named, out var found)
                ? new(named, found)
                : throw new DistributedApplicationException($"Launch settings file of resource '{resource}' does not contain the '{named}' launch profile.");
        }

        if (profiles is null)
            return none;
        foreach (var preferred in new[] { builder.Configuration["AppHost:DefaultLaunchProfileName"], builder.Configuration["DOTNET_LAUNCH_PROFILE"] })
        {
            if (preferred is not null && profiles.TryGetValue(preferred, out var found))
                return new(preferred, found);
        }

        var first = profiles.FirstOrDefault(p => p.Value.CommandName == "Project");
        return first.Value is null ? none : new(first.Key, first.Value);
    }

    /// <summary>An endpoint for each address of the profile, named by its scheme: http, https, then http2, https2.</summary>
    public static void AddEndpoints(IResourceBuilder<ProjectResource> resource, LaunchProfile? profile)
    {
        foreach (var url in profile?.ApplicationUrl?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            var address = new Uri(url);
            var same = resource.Resource.GetEndpoints().Count(e => e.Scheme == address.Scheme);
            resource.WithEndpoint(port: address.Port, scheme: address.Scheme, name: same == 0 ? address.Scheme : $"{address.Scheme}{same + 1}");
        }
    }
}
