using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

public sealed class ResourceNotificationServiceOptions
{
    public WaitBehavior DefaultWaitBehavior { get; set; }
}

/// <summary>The current state of every replica, and a stream of its changes.</summary>
public partial class ResourceNotificationService : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly CancellationTokenSource _disposed = new();
    private readonly ILogger<ResourceNotificationService> _logger;

    public ResourceNotificationService(ILogger<ResourceNotificationService> logger, IHostApplicationLifetime hostApplicationLifetime)
    {
        _logger = logger;
        _ = hostApplicationLifetime;
    }

    internal WaitBehavior DefaultWaitBehavior { get; set; }

    /// <summary>Changes the snapshot of all replicas of a resource, or of the resource itself when it has none yet.</summary>
    public async Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        foreach (var id in IdsOf(resource))
            await PublishUpdateAsync(resource, id, stateFactory);
    }

    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_gate)
        {
            var before = _current.TryGetValue(resourceId, out var known) ? known.Snapshot
                : new CustomResourceSnapshot { ResourceType = resource.GetType().Name.Replace("Resource", ""), Properties = [] };
            var changed = new ResourceEvent(resource, resourceId, stateFactory(before));
            _current[resourceId] = changed;
            if (before.State?.Text != changed.Snapshot.State?.Text)
                LogChanged(resourceId, before.State?.Text, changed.Snapshot.State?.Text);
            foreach (var watcher in _watchers)
                watcher.Writer.TryWrite(changed);
        }

        return Task.CompletedTask;
    }

    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_gate)
        {
            resourceEvent = _current.GetValueOrDefault(resourceId)
                ?? _current.Values.FirstOrDefault(e => e.Resource.Name.Equals(resourceId, StringComparison.OrdinalIgnoreCase));
            return resourceEvent is not null;
        }
    }

    /// <summary>First the current state of everything, then each change, until the token or the host ends.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        var channel = Channel.CreateUnbounded<ResourceEvent>(new() { SingleReader = true });
        lock (_gate)
        {
            foreach (var known in _current.Values)
                channel.Writer.TryWrite(known);
            _watchers.Add(channel);
        }

        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(either.Token))
                yield return change;
        }
        finally
        {
            lock (_gate)
                _watchers.Remove(channel);
        }
    }

    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var targets = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var reached = await WaitForResourceAsync(resourceName, e => e.Snapshot.State is { } state && targets.Contains(state.Text), cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if ((change.Resource.Name.Equals(resourceName, StringComparison.OrdinalIgnoreCase) || change.ResourceId == resourceName) && predicate(change))
                return change;
        }

        throw new OperationCanceledException($"The host stopped before resource '{resourceName}' reached the state waited for.");
    }

    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    /// <summary>Waits until a resource runs, its checks say healthy and its ResourceReady handlers are done.</summary>
    /// <exception cref="DistributedApplicationException">It failed, and the behaviour is to stop then.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var reached = await WaitForResourceAsync(
            resourceName,
            e => (e.Snapshot.HealthStatus == HealthStatus.Healthy && e.Snapshot.Ready is not null)
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && IsTerminal(e.Snapshot)),
            cancellationToken);
        if (reached.Snapshot.HealthStatus != HealthStatus.Healthy)
            throw Unavailable(reached);

        await reached.Snapshot.Ready!.WaitAsync(cancellationToken);
        return reached;
    }

    /// <summary>Waits for what a resource was told to wait for; see WaitFor, WaitForStart and WaitForCompletion.</summary>
    /// <exception cref="DistributedApplicationException">A dependency failed or ended otherwise than waited for.</exception>
    public async Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) =>
        await Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>()
            .SelectMany(wait => IdsOf(wait.Resource), (wait, id) => WaitForAsync(wait, id, cancellationToken)));

    internal async Task WaitForAsync(WaitAnnotation wait, string dependencyId, CancellationToken cancellationToken)
    {
        var stop = (wait.WaitBehavior ?? DefaultWaitBehavior) == WaitBehavior.StopOnResourceUnavailable;
        var reached = await WaitForResourceAsync(
            dependencyId,
            e => wait.WaitType switch
            {
                WaitType.WaitUntilHealthy => e.Snapshot is { HealthStatus: HealthStatus.Healthy, Ready: not null } || (stop && IsTerminal(e.Snapshot)),
                WaitType.WaitUntilStarted => e.Snapshot.State?.Text == KnownResourceStates.Running || (stop && IsTerminal(e.Snapshot)),
                _ => IsTerminal(e.Snapshot),
            },
            cancellationToken);

        if (wait.WaitType == WaitType.WaitForCompletion)
        {
            if (reached.Snapshot.State?.Text == KnownResourceStates.FailedToStart || reached.Snapshot.ExitCode != wait.ExitCode)
                throw Unavailable(reached);
        }
        else if (IsTerminal(reached.Snapshot))
        {
            throw Unavailable(reached);
        }
        else if (reached.Snapshot.Ready is { } ready && wait.WaitType == WaitType.WaitUntilHealthy)
        {
            await ready.WaitAsync(cancellationToken);
        }
    }

    internal IReadOnlyList<string> IdsOf(IResource resource)
    {
        lock (_gate)
        {
            var ids = _current.Values.Where(e => e.Resource == resource).Select(e => e.ResourceId).ToList();
            return ids.Count > 0 ? ids : [resource.Name];
        }
    }

    internal static bool IsTerminal(CustomResourceSnapshot snapshot) =>
        snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    private static DistributedApplicationException Unavailable(ResourceEvent failed) => new(
        $"Resource '{failed.Resource.Name}' is {failed.Snapshot.State?.Text ?? "in no state"}"
        + (failed.Snapshot.ExitCode is { } code ? $" with exit code {code}." : "."));

    [LoggerMessage(LogLevel.Debug, "Resource {ResourceId} changed state: {Before} -> {After}")]
    private partial void LogChanged(string resourceId, string? before, string? after);

    public void Dispose()
    {
        _disposed.Cancel();
        GC.SuppressFinalize(this);
    }
}
