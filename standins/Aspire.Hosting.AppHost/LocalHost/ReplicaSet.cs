using System.Collections.Concurrent;
using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.LocalHost;

/// <summary>All replicas: starts one when what it waits for is there, stops one, and notices when one ends.</summary>
internal sealed class ReplicaSet(
    DistributedApplicationModel model, ProgramFactory programs, ProcessRecords records, ResourceNotificationService notifications,
    ResourceLoggerService logs, IDistributedApplicationEventing eventing, HealthMonitor health, IServiceProvider services)
{
    private readonly ConcurrentDictionary<IResource, ReplicaProxy[]> _proxies = new();

    public IReadOnlyDictionary<IResource, IReadOnlyList<Replica>> All { get; private set; } = new Dictionary<IResource, IReadOnlyList<Replica>>();

    /// <summary>Names the replicas and announces them, before anything starts.</summary>
    public async Task CreateAsync()
    {
        All = model.Resources.ToDictionary(r => r, r => (IReadOnlyList<Replica>)[.. Enumerable.Range(1, r.GetReplicaCount()).Select(n => new Replica(r, n, r.GetReplicaCount()))]);
        logs.ReplicasOf = name => model.Resources.TryGetByName(name, out var resource) ? [.. All[resource].Select(r => r.Id)] : [name];
        foreach (var replica in All.Values.SelectMany(r => r))
        {
            await notifications.PublishUpdateAsync(replica.Resource, replica.Id, s => s with
            {
                ResourceType = TypeOf(replica.Resource),
                CreationTimeStamp = DateTime.UtcNow,
                State = replica.Resource.HasAnnotationOfType<ExplicitStartupAnnotation>() ? KnownResourceStates.NotStarted : null,
                HealthReports = Unchecked(replica.Resource),
            });
        }
    }

    public void AddProxy(IResource resource, EndpointAnnotation endpoint) => _proxies.AddOrUpdate(
        resource, _ => [ProxyOf(resource, endpoint)], (_, known) => [.. known, ProxyOf(resource, endpoint)]);

    /// <summary>Waits for the dependencies, then starts the process. What goes wrong becomes the replica's state; only failures of the host itself throw.</summary>
    public async Task StartAsync(Replica replica, CancellationToken cancellationToken)
    {
        await replica.Gate.WaitAsync(cancellationToken);
        try
        {
            if (replica.IsRunning)
                return;
            await StartProcessAsync(replica, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException && LocalHostException.Of(error) is null)
        {
            await FailAsync(replica, error.Message);
        }
        finally
        {
            replica.Gate.Release();
        }
    }

    public async Task StopAsync(Replica replica, TimeSpan grace)
    {
        await replica.Gate.WaitAsync();
        try
        {
            if (!replica.IsRunning)
                return;
            await PublishAsync(replica, s => s with { State = KnownResourceStates.Stopping });
            await replica.Process!.StopAsync(grace);
            await notifications.WaitForResourceAsync(replica.Id, e => ResourceNotificationService.IsTerminal(e.Snapshot));
        }
        finally
        {
            replica.Gate.Release();
        }
    }

    public Task FailAsync(Replica replica, string reason)
    {
        logs.Write(replica.Id, reason, isError: true);
        return PublishAsync(replica, s => s with { State = new(KnownResourceStates.FailedToStart, "error"), StopTimeStamp = DateTime.UtcNow, Properties = [new("reason", reason)] });
    }

    public void CloseProxies()
    {
        foreach (var proxy in _proxies.Values.SelectMany(p => p))
            proxy.Dispose();
    }

    private async Task StartProcessAsync(Replica replica, CancellationToken cancellationToken)
    {
        var resource = replica.Resource;
        await WaitAsync(replica, cancellationToken);
        await eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services), cancellationToken);
        await PublishAsync(replica, s => s with { State = KnownResourceStates.Starting, ExitCode = null, StopTimeStamp = null, Properties = [] });

        var (program, variables) = await programs.CreateAsync(replica, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var process = ChildProcess.Start(program, (line, isError) => logs.Write(replica.Id, line, isError));
        replica.Process = process;
        var record = ProcessRecord.Of(process.Id, program.RealPath, resource.Name, program.StopSignal);
        if (record is not null)
            records.Add(record);

        await PublishAsync(replica, s => s with
        {
            State = KnownResourceStates.Running,
            StartTimeStamp = DateTime.UtcNow,
            EnvironmentVariables = [.. variables],
            Properties = [new("executable.pid", process.Id)],
            HealthReports = Unchecked(resource),
            Ready = null,
        });
        UpdateProxies(resource);
        _ = WatchAsync(replica, process, record);
        health.Watch(resource);
    }

    private async Task WaitAsync(Replica replica, CancellationToken cancellationToken)
    {
        var waits = replica.Resource.Annotations.OfType<WaitAnnotation>().ToList();
        if (waits.Count == 0)
            return;

        var open = waits.Select(w => w.Resource.Name).ToHashSet();
        await PublishAsync(replica, s => Waiting(s, open));
        await Task.WhenAll(waits.Select(async wait =>
        {
            await Task.WhenAll(notifications.IdsOf(wait.Resource).Select(id => notifications.WaitForAsync(wait, id, cancellationToken)));
            lock (open)
                open.Remove(wait.Resource.Name);
            await PublishAsync(replica, s => s.State?.Text == KnownResourceStates.Waiting && open.Count > 0 ? Waiting(s, open) : s);
        }));
    }

    private static CustomResourceSnapshot Waiting(CustomResourceSnapshot snapshot, HashSet<string> open)
    {
        lock (open)
            return snapshot with { State = KnownResourceStates.Waiting, Properties = [new("reason", $"waiting for {string.Join(", ", open.Order())}")] };
    }

    private async Task WatchAsync(Replica replica, ChildProcess process, ProcessRecord? record)
    {
        var exitCode = await process.Exited;
        process.Dispose();
        if (record is not null)
            records.Remove(record);

        // Processes end as Finished and containers as Exited, as in Aspire.
        var ended = replica.Resource is ProjectResource ? KnownResourceStates.Finished : KnownResourceStates.Exited;
        await PublishAsync(replica, s => s with { State = ended, ExitCode = exitCode, StopTimeStamp = DateTime.UtcNow, Properties = [], Ready = null });
        UpdateProxies(replica.Resource);
        if (notifications.TryGetCurrentState(replica.Id, out var last))
            await eventing.PublishAsync(new ResourceStoppedEvent(replica.Resource, services, last));
    }

    private Task PublishAsync(Replica replica, Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        notifications.PublishUpdateAsync(replica.Resource, replica.Id, change);

    private ReplicaProxy ProxyOf(IResource resource, EndpointAnnotation endpoint) => new(
        endpoint.AllocatedEndpoint!.Port, () => [.. All[resource].Where(r => r.IsRunning).Select(r => r.Ports[endpoint.Name])]);

    private void UpdateProxies(IResource resource)
    {
        foreach (var proxy in _proxies.GetValueOrDefault(resource) ?? [])
            proxy.Update();
    }

    private static ImmutableArray<HealthReportSnapshot> Unchecked(IResource resource) =>
        [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(c => new HealthReportSnapshot(c.Key, null, null, null))];

    private static string TypeOf(IResource resource) => resource switch
    {
        ContainerResource => "Container",
        ProjectResource => "Project",
        ParameterResource => "Parameter",
        _ => resource.GetType().Name.Replace("Resource", ""),
    };
}
