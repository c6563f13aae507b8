using System.Globalization;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.LocalHost;

/// <summary>One process of a resource, over all its starts and stops.</summary>
internal sealed class Replica(IResource resource, int number, int count)
{
    public IResource Resource { get; } = resource;

    public string Id { get; } = $"{resource.Name}-{RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz", 8)}";

    /// <summary>What stands before its output: the resource's name, with a number when there are several.</summary>
    public string Label { get; } = count == 1 ? resource.Name : string.Create(CultureInfo.InvariantCulture, $"{resource.Name}-{number}");

    /// <summary>The port the process listens on, by endpoint name; the public port when there is one replica.</summary>
    public Dictionary<string, int> Ports { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Held while starting or stopping, so that commands do not cross.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    public ChildProcess? Process { get; set; }

    public bool IsRunning => Process is { Exited.IsCompleted: false };
}
