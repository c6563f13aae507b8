using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Page;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.LocalHost;

/// <summary>Starts the whole application in the order of its waits, and stops it in the reverse order of its dependencies.</summary>
internal sealed class LocalHostService(
    DistributedApplicationModel model, LocalFolders folders, Certificates certificates, ProcessRecords records, ReplicaSet replicas, HealthMonitor health,
    ResourceNotificationService notifications, ResourceLoggerService logs, IDistributedApplicationEventing eventing,
    IConfiguration configuration, IHostApplicationLifetime lifetime, IServiceProvider services) : IHostedService, IDisposable
{
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private Task? _stopped;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw new LocalHostException("This host of local programs needs Linux or macOS: on Windows build with UseAspire=true, which runs containers.");

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        health.Failed = Fail;
        await replicas.CreateAsync();
        AddLifecycleCommands();
        folders.Open();
        var ended = await records.EndLeftoversAsync(either.Token);
        certificates.Ensure();
        new EndpointAllocation(configuration, replicas).Allocate(model.Resources);
        var page = services.GetService<LocalPage>() is { } local ? Task.Run(() => local.StartAsync(either.Token), either.Token) : Task.CompletedTask;
        services.GetService<ConsoleReport>()?.Start(ended, page);

        var starting = Task.WhenAll(model.Resources.Select(r => StartResourceAsync(r, either.Token)));
        if (await Task.WhenAny(starting, _failed.Task) == _failed.Task || starting.IsFaulted)
        {
            await StopAllAsync();
            await _failed.Task;
        }

        await Task.WhenAll(starting, page);
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), either.Token);
    }

    public Task StopAsync(CancellationToken cancellationToken) => StopAllAsync();

    public void Dispose() => _stopping.Dispose();

    private Task StopAllAsync()
    {
        lock (_stopping)
            return _stopped ??= StopInOrderAsync();
    }

    private async Task StopInOrderAsync()
    {
        await _stopping.CancelAsync();
        await new ShutdownOrder(model.Resources).StopAsync(async (resource, grace) =>
            await Task.WhenAll((replicas.All.GetValueOrDefault(resource) ?? []).Select(r => replicas.StopAsync(r, grace))));
        replicas.CloseProxies();
        health.Dispose();
        folders.Dispose();
    }

    private void Fail(LocalHostException failure)
    {
        if (!_failed.TrySetException(failure) || !lifetime.ApplicationStarted.IsCancellationRequested)
            return;

        // Already started: there is no caller to throw to.
        Console.Error.WriteLine(failure.Message);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    private async Task StartResourceAsync(IResource resource, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await AnnounceAsync(resource, cancellationToken);
            if (resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
                return;
            if (resource is ContainerResource or ProjectResource)
                await Task.WhenAll(replicas.All[resource].Select(r => replicas.StartAsync(r, cancellationToken)));
            else
                await StartValueAsync(resource, cancellationToken);
        }
        catch (Exception error) when (LocalHostException.Of(error) is { } failure)
        {
            Fail(failure);
        }
    }

    private async Task AnnounceAsync(IResource resource, CancellationToken cancellationToken)
    {
        await eventing.PublishAsync(new InitializeResourceEvent(resource, eventing, logs, notifications, services), cancellationToken);
        if (resource is IResourceWithEndpoints)
            await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), cancellationToken);
        if (resource is IResourceWithConnectionString)
            await eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, services), cancellationToken);
        var urls = await new ResourceUrls(services).OfAsync(resource, cancellationToken);
        await notifications.PublishUpdateAsync(resource, s => s with { Urls = [.. urls] });
    }

    /// <summary>Resources that are no process: a parameter runs when it has a value, a database as long as its server does.</summary>
    private async Task StartValueAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (resource is ParameterResource parameter)
        {
            try
            {
                _ = parameter.Value;
            }
            catch (MissingParameterValueException missing)
            {
                logs.GetLogger(resource);
                await notifications.PublishUpdateAsync(resource, s => s with { State = new(KnownResourceStates.ValueMissing, "error"), Properties = [new("reason", missing.Message)] });
                return;
            }
        }

        if (resource is IResourceWithParent { Parent: var parent })
        {
            _ = FollowAsync(resource, parent);
            return;
        }

        await notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Running, StartTimeStamp = DateTime.UtcNow });
        health.Watch(resource);
    }

    private async Task FollowAsync(IResource resource, IResource parent)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(_stopping.Token))
            {
                if (change.Resource != parent || !notifications.TryGetCurrentState(resource.Name, out var own))
                    continue;

                // Running only when the server is ready, since that is when its databases are created.
                if (change.Snapshot is { State.Text: "Running", Ready: { } ready })
                    await ready.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                var state = change.Snapshot is { State.Text: "Running", Ready: null } ? KnownResourceStates.Starting : change.Snapshot.State?.Text;
                if (state is null || state == own.Snapshot.State?.Text)
                    continue;
                await notifications.PublishUpdateAsync(resource, s => s with { State = state, Ready = state == KnownResourceStates.Running ? s.Ready : null });
                if (state == KnownResourceStates.Running)
                    health.Watch(resource);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private void AddLifecycleCommands()
    {
        foreach (var resource in model.Resources.Where(r => r is ContainerResource or ProjectResource))
        {
            foreach (var command in new LifecycleCommands(replicas, _stopping.Token).For(resource))
                resource.Annotations.Add(command);
        }
    }
}
