using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Shabou.EndToEnd.Tests;

/// <summary>Collects the console lines of services and waits for one.</summary>
public sealed class ServiceLogs
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _lines = new();

    /// <summary>Every line so far, with its resource.</summary>
    public IEnumerable<(string Resource, string Line)> All => _lines.SelectMany(resource => resource.Value.Select(line => (resource.Key, line)));

    /// <summary>Starts collecting; ends when the system is disposed.</summary>
    public void Follow(DistributedApplication app, string resource)
    {
        var lines = _lines.GetOrAdd(resource, _ => new());
        var logs = app.Services.GetRequiredService<ResourceLoggerService>();
        var id = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(r => r.Name == resource);
        _ = FollowAsync();

        async Task FollowAsync()
        {
            await foreach (var batch in logs.WatchAsync(id))
                foreach (var line in batch)
                    lines.Enqueue(line.Content);
        }
    }

    /// <summary>The lines of a resource so far that contain the text.</summary>
    public IReadOnlyList<string> Containing(string resource, string text) =>
        _lines.TryGetValue(resource, out var lines) ? [.. lines.Where(l => l.Contains(text, StringComparison.Ordinal))] : [];

    /// <summary>Waits until a line contains all the texts.</summary>
    /// <exception cref="TimeoutException">None came within 20 seconds; says what was there.</exception>
    public async Task<string> WaitForAsync(string resource, params string[] texts)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            if (Containing(resource, texts[0]).FirstOrDefault(l => texts.All(t => l.Contains(t, StringComparison.Ordinal))) is { } line) return line;
            try { await tick.WaitForNextTickAsync(limit.Token); }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"No line of {resource} has all of: {string.Join(", ", texts)}. Lines with the first: {string.Join("\n", Containing(resource, texts[0]))}");
            }
        }
    }
}
