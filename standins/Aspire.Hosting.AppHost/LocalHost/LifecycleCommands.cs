using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.LocalHost;

/// <summary>The commands start, stop and restart of everything that is a process.</summary>
internal sealed class LifecycleCommands(ReplicaSet replicas, CancellationToken stopping)
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    public IEnumerable<ResourceCommandAnnotation> For(IResource resource)
    {
        yield return new(KnownResourceCommands.StartCommand, "Start", context => RunAsync(resource, context, StartAsync),
            new() { UpdateState = c => IsUp(c) || IsOneOf(c, KnownResourceStates.Waiting) ? ResourceCommandState.Hidden : ResourceCommandState.Enabled });
        yield return new(KnownResourceCommands.StopCommand, "Stop", context => RunAsync(resource, context, replica => replicas.StopAsync(replica, s_grace)),
            new() { UpdateState = c => IsUp(c) ? ResourceCommandState.Enabled : ResourceCommandState.Hidden });
        yield return new(KnownResourceCommands.RestartCommand, "Restart", context => RunAsync(resource, context, async replica =>
            {
                await replicas.StopAsync(replica, s_grace);
                await StartAsync(replica);
            }),
            new() { UpdateState = c => IsOneOf(c, KnownResourceStates.Running) ? ResourceCommandState.Enabled : ResourceCommandState.Hidden });
    }

    private Task StartAsync(Replica replica) => replicas.StartAsync(replica, stopping);

    private async Task<ExecuteCommandResult> RunAsync(IResource resource, ExecuteCommandContext context, Func<Replica, Task> action)
    {
        await action(replicas.All[resource].Single(r => r.Id.Equals(context.ResourceName, StringComparison.OrdinalIgnoreCase))).WaitAsync(context.CancellationToken);
        return CommandResults.Success();
    }

    private static bool IsUp(UpdateCommandStateContext context) =>
        IsOneOf(context, KnownResourceStates.Running, KnownResourceStates.Starting, KnownResourceStates.Stopping);

    private static bool IsOneOf(UpdateCommandStateContext context, params string[] states) =>
        context.ResourceSnapshot.State is { } state && states.Contains(state.Text);
}
