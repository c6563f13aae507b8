using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Page;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.LocalHost;

/// <summary>What the terminal shows: the resources, every change of state, their output, and Ready when everything is as it should be.</summary>
internal sealed partial class ConsoleReport(
    DistributedApplicationModel model, ReplicaSet replicas, ResourceNotificationService notifications, ResourceLoggerService logs,
    Certificates certificates, LocalPage page, IHostEnvironment environment)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _states = [];

    public void Start(int endedLeftovers, Task pageStarted)
    {
        if (endedLeftovers > 0)
            Line("host", $"ended {endedLeftovers} processes that an earlier host had left behind");
        PrintTable();
        foreach (var replica in Shown())
            _ = PrintOutputAsync(replica);
        _ = PrintStatesAsync(pageStarted);
    }

    private IEnumerable<Replica> Shown() => replicas.All.Where(r => r.Key is not (ParameterResource or ConnectionStringResource)).SelectMany(r => r.Value);

    private async Task PrintOutputAsync(Replica replica)
    {
        await foreach (var lines in logs.WatchAsync(replica.Id))
        {
            foreach (var line in lines)
                Line(replica.Label, Console.IsOutputRedirected ? Colours.Replace(line.Content, "") : line.Content);
        }
    }

    private async Task PrintStatesAsync(Task pageStarted)
    {
        var shown = Shown().ToDictionary(r => r.Id);
        var unsettled = shown.Values.Where(r => !ComesLater(r.Resource)).Select(r => r.Id).ToHashSet();
        try
        {
            await foreach (var change in notifications.WatchAsync())
            {
                if (!shown.TryGetValue(change.ResourceId, out var replica))
                    continue;
                var state = StateOf(change.Snapshot);
                if (state.Length > 0 && _states.GetValueOrDefault(change.ResourceId) != state)
                    Line(replica.Label, $"[{_states[change.ResourceId] = state}]");
                if (!IsSettled(change.Snapshot) || !unsettled.Remove(change.ResourceId) || unsettled.Count > 0)
                    continue;
                await pageStarted;
                PrintTable();
                PrintReady();
            }
        }
        catch (OperationCanceledException)
        {
            // The host has stopped.
        }
    }

    // What waits for that which users reach begins when they could.
    private static bool ComesLater(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Any(w => w.Resource.Annotations.OfType<EndpointAnnotation>().Any(e => e.IsExternal));

    private static bool IsSettled(CustomResourceSnapshot snapshot) => snapshot switch
    {
        { HealthStatus: HealthStatus.Healthy, Ready: not null } => true,
        { State.Text: "Finished", ExitCode: 0 } or { State.Text: "NotStarted" } => true,
        _ => false,
    };

    private void PrintTable()
    {
        lock (_gate)
        {
            Console.WriteLine();
            foreach (var replica in Shown())
            {
                var snapshot = notifications.TryGetCurrentState(replica.Id, out var known) ? known.Snapshot : null;
                var endpoints = replica.Resource.Annotations.OfType<EndpointAnnotation>().Select(e => e.AllocatedEndpoint!.UriString);
                Console.WriteLine($"  {replica.Label,-14} {snapshot?.ResourceType,-18} {(snapshot is null ? "" : StateOf(snapshot)),-22} {string.Join("  ", endpoints)}".TrimEnd());
            }

            Console.WriteLine();
        }
    }

    private void PrintReady()
    {
        lock (_gate)
        {
            Console.WriteLine("Ready");
            foreach (var (resource, endpoint) in model.Resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>(), (r, e) => (r, e)).Where(p => p.e.IsExternal))
                Console.WriteLine($"  {resource.Name,-10} {endpoint.AllocatedEndpoint!.UriString}");
            Console.WriteLine($"  page       {page.Address}");
            if (environment.IsDevelopment() && model.Resources.TryGetByName("admin-api-key", out var key) && key is ParameterResource { Value: var value })
                Console.WriteLine($"  admin key  {value}   (for development only)");
            if (environment.IsDevelopment() && model.Resources.TryGetByName("bootstrap-token", out var token) && token is ParameterResource { Value: var first })
                Console.WriteLine($"  bootstrap  {first}   (makes the first person who signs in and sends it administrator, once)");
            Console.WriteLine($"  authority  {certificates.AuthorityFile}   (for curl --cacert)");
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

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colours { get; }
}
