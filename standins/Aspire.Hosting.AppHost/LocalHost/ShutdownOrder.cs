using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.LocalHost;

/// <summary>Stops a resource when everything that uses it has stopped, all within 10 s: who does not end in time is killed.</summary>
internal sealed class ShutdownOrder(IEnumerable<IResource> resources)
{
    private static readonly TimeSpan s_each = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_services = TimeSpan.FromSeconds(6.5);
    private static readonly TimeSpan s_all = TimeSpan.FromSeconds(9);
    private readonly Dictionary<IResource, HashSet<IResource>> _uses = resources.ToDictionary(r => r, r => UsedBy(r));

    public async Task StopAsync(Func<IResource, TimeSpan, Task> stop)
    {
        var clock = Stopwatch.StartNew();
        var left = _uses.Keys.ToHashSet();
        Dictionary<IResource, Task> stopping = [];
        while (left.Count > 0)
        {
            var ready = left.Where(r => !stopping.ContainsKey(r) && !left.Any(other => other != r && _uses[other].Contains(r))).ToList();
            if (ready.Count == 0 && stopping.Count == 0)
                ready.Add(FirstOfACircle(left));
            foreach (var resource in ready)
                stopping[resource] = stop(resource, Grace(resource, clock.Elapsed));

            await Task.WhenAny(stopping.Values);
            foreach (var (resource, task) in stopping.Where(s => s.Value.IsCompleted).ToList())
            {
                await task;
                stopping.Remove(resource);
                left.Remove(resource);
            }
        }
    }

    /// <summary>Resources that use each other cannot be ordered. Nobody else may use the first to go, and what is reached from outside goes
    /// before what it leads to.</summary>
    private IResource FirstOfACircle(HashSet<IResource> left)
    {
        var reached = left.ToDictionary(r => r, Reached);
        return left.Where(r => left.All(other => !reached[other].Contains(r) || reached[r].Contains(other)))
            .MaxBy(r => r.Annotations.OfType<EndpointAnnotation>().Any(e => e.IsExternal))!;
    }

    private HashSet<IResource> Reached(IResource from)
    {
        HashSet<IResource> reached = [];
        var open = new Stack<IResource>([from]);
        while (open.TryPop(out var resource))
        {
            foreach (var used in _uses.GetValueOrDefault(resource, []).Where(reached.Add))
                open.Push(used);
        }
        return reached;
    }

    private static TimeSpan Grace(IResource resource, TimeSpan elapsed)
    {
        var rest = (resource is ContainerResource ? s_all : s_services) - elapsed;
        var most = resource is ContainerResource ? s_all : s_each;
        return rest < TimeSpan.FromSeconds(0.5) ? TimeSpan.FromSeconds(0.5) : rest < most ? rest : most;
    }

    /// <summary>What a resource refers to or waits for; a connection string leads on to the server that it names.</summary>
    private static HashSet<IResource> UsedBy(IResource resource)
    {
        HashSet<IResource> used = [];
        foreach (var relationship in resource.Annotations.OfType<ResourceRelationshipAnnotation>().Where(r => r.Type != "Parent"))
            Add(relationship.Resource);
        return used;

        void Add(object value)
        {
            if (value is IResource found && (found == resource || !used.Add(found)))
                return;
            if (value is IResourceWithParent child)
                Add(child.Parent);
            if (value is not IValueWithReferences holder)
                return;
            foreach (var reference in holder.References)
                Add(reference);
        }
    }
}
