using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.LocalHost;

/// <summary>What the terminal shows: the resources, every change of state, their output, and Ready.</summary>
internal sealed class ConsoleReport(
    DistributedApplicationModel model, ReplicaSet replicas, ResourceNotificationService notifications, ResourceLoggerService logs,
    Certificates certificates, IHostEnvironment environment, IHostApplicationLifetime lifetime)
{
    private readonly ConcurrentDictionary<string, string> _states = new();
    private readonly Lock _gate = new();

    public void Start(int endedLeftovers)
    {
        if (endedLeftovers > 0)
            Line("host", $"ended {endedLeftovers} processes that an earlier host had left behind");
        foreach (var replica in Shown())
            _ = PrintOutputAsync(replica);
        _ = PrintStatesAsync();
        _ = PrintReadyAsync();
    }

    private IEnumerable<Replica> Shown() => replicas.All.Where(r => r.Key is not (ParameterResource or ConnectionStringResource)).SelectMany(r => r.Value);

    private async Task PrintOutputAsync(Replica replica)
    {
        await foreach (var lines in logs.WatchAsync(replica.Id))
        {
            foreach (var line in lines)
                Line(replica.Label, line.Content);
        }
    }

    private async Task PrintStatesAsync()
    {
        var labels = Shown().ToDictionary(r => r.Id, r => r.Label);
        await foreach (var change in notifications.WatchAsync())
        {
            if (!labels.TryGetValue(change.ResourceId, out var label) || StateOf(change.Snapshot) is not { Length: > 0 } state)
                continue;
            if (_states.TryGetValue(label, out var before) && before == state)
                continue;
            _states[label] = state;
            Line(label, $"[{state}]");
        }
    }

    private async Task PrintReadyAsync()
    {
        var open = Shown().Select(r => r.Id).ToHashSet();
        await foreach (var change in notifications.WatchAsync(lifetime.ApplicationStopping))
        {
            if (IsSettled(change))
                open.Remove(change.ResourceId);
            else if (change.Snapshot.State?.Text == KnownResourceStates.FailedToStart)
                return;
            if (open.Count == 0)
                break;
        }

        PrintTable();
    }

    private static bool IsSettled(ResourceEvent change) => change.Snapshot switch
    {
        { HealthStatus: Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, Ready.IsCompletedSuccessfully: true } => true,
        { HealthStatus: Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, Ready: not null } => true,
        { State.Text: "Finished", ExitCode: 0 } => true,
        { State.Text: "NotStarted" } => true,
        _ => false,
    };

    private void PrintTable()
    {
        var rows = Shown().Select(r => notifications.TryGetCurrentState(r.Id, out var e)
            ? (r.Label, e.Snapshot.ResourceType, State: StateOf(e.Snapshot), Urls: string.Join("  ", e.Snapshot.Urls.Select(u => u.Url)))
            : (r.Label, "", State: "", Urls: "")).ToList();
        lock (_gate)
        {
            Console.WriteLine();
            foreach (var (label, type, state, urls) in rows)
                Console.WriteLine($"  {label,-14} {type,-18} {state,-22} {urls}");
            Console.WriteLine();
            Console.WriteLine("Ready");
            foreach (var url in model.Resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>()).Where(e => e.IsExternal))
                Console.WriteLine($"  gateway    {url.AllocatedEndpoint!.UriString}");
            if (environment.IsDevelopment() && model.Resources.TryGetByName("admin-api-key", out var key) && key is ParameterResource { Value: var value })
                Console.WriteLine($"  admin key  {value}   (development only)");
            Console.WriteLine($"  authority  {certificates.AuthorityFile}   (curl --cacert)");
        }
    }

    private static string StateOf(CustomResourceSnapshot snapshot)
    {
        var state = snapshot.State?.Text ?? "";
        var reason = snapshot.Properties.FirstOrDefault(p => p.Name == "reason")?.Value as string;
        return state switch
        {
            "Running" => snapshot.HealthReports.All(r => r.Status is null) ? state : $"{state}, {snapshot.HealthStatus}",
            "Finished" or "Exited" => $"{state}, exit code {snapshot.ExitCode}",
            _ => reason is null ? state : $"{state}: {reason}",
        };
    }

    private void Line(string label, string text)
    {
        lock (_gate)
            Console.WriteLine($"{label} | {text}");
    }
}
