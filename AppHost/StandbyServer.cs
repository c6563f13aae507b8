using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Shabou.AppHost;

/// <summary>The option <c>--standby</c> (<c>Postgres:Standby=true</c>): a second server that has all that was acknowledged, and takes over when told.</summary>
internal static class StandbyServer
{
    /// <summary>Name of the resource.</summary>
    public const string Name = "postgres-standby";

    /// <summary>Name of its endpoint for SQL.</summary>
    public const string Endpoint = "postgres";

    /// <summary>Adds the program that copies the server, follows it, and promotes the copy.</summary>
    /// <param name="postgres">The primary; it gets the settings that its standby needs.</param>
    public static IResourceBuilder<ProjectResource> AddStandby(this IResourceBuilder<PostgresServerResource> postgres)
    {
        var builder = postgres.ApplicationBuilder;
        var key = builder.AddParameter("standby-key", new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true, persist: true);
        var password = builder.AddParameter("db-replication-password", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
        // The last of two arguments counts: a standby that is made anew costs more than the disk that two slots may take.
        postgres.WithArgs("-c", "synchronous_commit=on", "-c", "wal_log_hints=on", "-c", "max_slot_wal_keep_size=4GB");
        var standby = builder.AddProject<Projects.Standby>(Name)
            .WithHttpEndpoint().WithEndpoint(name: Endpoint, scheme: "tcp", env: "Standby__Port").WithHttpHealthCheck("/health", endpointName: "http")
            .WithReference(postgres)
            .WithEnvironment("Standby__Folder", FolderOf(builder)).WithEnvironment("Standby__Key", key).WithEnvironment("Standby__ReplicationPassword", password);
        return standby.WithCommand("promote", "Promote", context => PromoteAsync(standby.GetEndpoint("http"), key.Resource, context), new()
        {
            Description = "Makes the standby the primary, unless something acknowledged could be lost",
            ConfirmationMessage = "Make the standby the primary? The present primary takes no writes any more until it is made a standby again (docs/runbooks/failover.md).",
        });
    }

    /// <summary>Both servers, for whoever writes: Npgsql chooses the one that takes writes, and finds the other within seconds when it is gone.</summary>
    /// <remarks>A command that timed out is not cancelled but given up with its connection: a cancelled wait for the standby would look like a stored change.</remarks>
    public static ReferenceExpression Hosts(EndpointReference primary, EndpointReference standby) => ReferenceExpression.Create(
        $"Host={primary.Property(EndpointProperty.Host)}:{primary.Property(EndpointProperty.Port)},{standby.Property(EndpointProperty.Host)}:{standby.Property(EndpointProperty.Port)};Target Session Attributes=read-write;Host Recheck Seconds=1;Timeout=3;Cancellation Timeout=-1;Keepalive=10");

    // Beside the other local data; root's servers run as a user that cannot enter most folders.
    private static string FolderOf(IDistributedApplicationBuilder builder)
    {
        if (builder.Configuration["Standby:Folder"] is { Length: > 0 } configured) return Path.GetFullPath(configured);
        var root = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, ".."));
        return Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
            ? $"/var/lib/shabou/standby-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..10]}"
            : Path.Combine(root, ".shabou", "standby");
    }

    private static async Task<ExecuteCommandResult> PromoteAsync(EndpointReference address, ParameterResource key, ExecuteCommandContext context)
    {
        using var client = context.ServiceProvider.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(address.Url), "/promotion"));
        request.Headers.Add("X-Standby-Key", await key.GetValueAsync(context.CancellationToken));
        using var response = await client.SendAsync(request, context.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(context.CancellationToken);
        return response.IsSuccessStatusCode ? CommandResults.Success() : CommandResults.Failure(answer);
    }
}
