using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.LocalHost;

namespace Aspire.Hosting.Page;

/// <summary>What the page shows of one replica.</summary>
internal sealed record ResourceView(
    string Id, string Name, string Label, string Type, string State, string? Health, string? Reason, int? ExitCode, DateTime? StartedAt,
    IReadOnlyList<LinkView> Urls, IReadOnlyList<CheckView> Checks, IReadOnlyList<VariableView> Environment, IReadOnlyList<CommandView> Commands);

internal sealed record LinkView(string Url, string Text);

internal sealed record CheckView(string Name, string? Status, string? Text);

internal sealed record VariableView(string Name, string? Value);

internal sealed record CommandView(string Name, string DisplayName, string? Description, string? Confirmation, bool IsEnabled);

/// <summary>Turns the snapshots into views, without any secret.</summary>
internal sealed class ResourceViews(ReplicaSet replicas, ResourceNotificationService notifications, SecretMask secrets, IServiceProvider services)
{
    public bool Knows(string id) => replicas.All.Values.Any(r => r.Any(replica => replica.Id == id));

    public IReadOnlyList<ResourceView> All() =>
        [.. replicas.All.Values.SelectMany(r => r)
            .Select(replica => notifications.TryGetCurrentState(replica.Id, out var current) ? Of(replica, current.Snapshot) : null)
            .OfType<ResourceView>()];

    private ResourceView Of(Replica replica, CustomResourceSnapshot snapshot) => new(
        replica.Id, replica.Resource.Name, replica.Label, snapshot.ResourceType, snapshot.State?.Text ?? "",
        snapshot.HealthStatus?.ToString(), snapshot.Properties.FirstOrDefault(p => p.Name == "reason")?.Value as string,
        snapshot.ExitCode, snapshot.StartTimeStamp,
        [.. snapshot.Urls.Select(u => new LinkView(u.Url, u.DisplayProperties.DisplayName is { Length: > 0 } text ? text : u.Url))],
        [.. snapshot.HealthReports.Select(h => new CheckView(h.Name, h.Status?.ToString(), h.Description))],
        [.. snapshot.EnvironmentVariables.Select(v => new VariableView(v.Name, secrets.Mask(v.Value)))],
        [.. replica.Resource.Annotations.OfType<ResourceCommandAnnotation>()
            .Select(c => (Command: c, State: c.UpdateState(new() { ResourceSnapshot = snapshot, ServiceProvider = services })))
            .Where(c => c.State != ResourceCommandState.Hidden)
            .Select(c => new CommandView(
                c.Command.Name, c.Command.DisplayName, c.Command.DisplayDescription, c.Command.ConfirmationMessage, c.State == ResourceCommandState.Enabled))]);
}
