namespace Shabou.AppHost;

/// <summary>Where history older than 90 days goes: <c>Archive:Folder</c>, or the folder archive beside the local data.</summary>
internal static class Archive
{
    public static IResourceBuilder<ProjectResource> WithArchive(this IResourceBuilder<ProjectResource> service)
    {
        var builder = service.ApplicationBuilder;
        if (builder.Configuration["Archive:Folder"] is { Length: > 0 } configured) return service.WithEnvironment("Archive__Folder", configured);
        var folder = Path.GetFullPath(Path.Combine("..", ".shabou", "archive"), builder.AppHostDirectory);
        try
        {
            Directory.CreateDirectory(folder); // here and not by the services: one that should be a mount and is not there must be missed, not made
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Nothing needs it for 90 days; then the services say that it is missing.
        }
        return service.WithEnvironment("Archive__Folder", folder);
    }
}
