using System.Net.Http.Json;

namespace Shabou.AppHost;

/// <summary>The folder of backups, what PostgreSQL must be told for them, and the operator's commands.</summary>
internal static class Backups
{
    private static readonly HttpClient s_client = new() { Timeout = Timeout.InfiniteTimeSpan }; // a large database takes its time; whoever ordered can cancel

    /// <summary>Lets an archive that is away cost no more than 2 GB of the server's disk (a standby raises it): then its slot is lost, and a new base backup is made.
    /// With a second place, which gets closed segments only, none stays open for more than 15 minutes.</summary>
    public static IResourceBuilder<PostgresServerResource> WithArchiveLimit(this IResourceBuilder<PostgresServerResource> postgres) =>
        postgres.WithArgs(["-c", "max_slot_wal_keep_size=2GB", .. SecondFolder(postgres.ApplicationBuilder) is null ? (string[])[] : ["-c", "archive_timeout=15min"]]);

    /// <summary>Tells a program where backups are: configuration <c>Backups:Folder</c>, else .shabou/backups beside the AppHost.</summary>
    public static IResourceBuilder<ProjectResource> WithBackupFolder(this IResourceBuilder<ProjectResource> project)
    {
        var builder = project.ApplicationBuilder;
        project.WithEnvironment("Backups__Folder", builder.Configuration["Backups:Folder"] is { Length: > 0 } folder
            ? Path.GetFullPath(folder) : Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", ".shabou", "backups")));
        return SecondFolder(builder) is { } second ? project.WithEnvironment("Backups__SecondFolder", second) : project;
    }

    private static string? SecondFolder(IDistributedApplicationBuilder builder) => builder.Configuration["Backups:SecondFolder"] is { Length: > 0 } second ? Path.GetFullPath(second) : null;

    /// <summary>Adds "Back up now" and "Restore drill". They are orders of this machine's operator, with a key of their own.</summary>
    public static IResourceBuilder<ProjectResource> WithBackupCommands(this IResourceBuilder<ProjectResource> service, IResourceBuilder<ParameterResource> key) => service
        .WithHttpEndpoint().WithHttpHealthCheck("/health", endpointName: "http")
        .WithEnvironment("BackupCommands__Key", key)
        .WithCommand("back-up", "Back up now", context => OrderAsync(service, key, "backups", context),
            new CommandOptions { Description = "Makes a base backup and a dump, and restores both into a scratch server: only then they count.", IsHighlighted = true })
        .WithCommand("restore-drill", "Restore drill", context => OrderAsync(service, key, "restore-drills", context),
            new CommandOptions { Description = "Restores the last backup and the archived WAL beside the running server, measures it, and removes it again." });

    private static async Task<ExecuteCommandResult> OrderAsync(IResourceBuilder<ProjectResource> service, IResourceBuilder<ParameterResource> key, string path, ExecuteCommandContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{service.GetEndpoint("http").Url}/{path}");
        request.Headers.Add("X-Backup-Key", await key.Resource.GetValueAsync(context.CancellationToken));
        try
        {
            using var response = await s_client.SendAsync(request, context.CancellationToken);
            var answer = await response.Content.ReadFromJsonAsync<Answer>(context.CancellationToken);
            return answer is { Succeeded: true } ? CommandResults.Success(answer.Message) : CommandResults.Failure(answer?.Message ?? "The backup service gave no answer.");
        }
        catch (HttpRequestException away)
        {
            return CommandResults.Failure($"The backup service does not answer ({away.Message.TrimEnd('.')}): start it.");
        }
    }

    private sealed record Answer(bool Succeeded, string Message);
}
