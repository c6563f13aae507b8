using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>How Aspire.Hosting.Testing takes part in an entry point that knows nothing of it. Flows into the thread of the entry point.</summary>
internal abstract class ApplicationHook
{
    private static readonly AsyncLocal<ApplicationHook?> s_current = new();

    public static ApplicationHook? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    public abstract Assembly? EntryAssembly { get; }

    public abstract void Creating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    public abstract void Created(DistributedApplicationBuilder builder);

    /// <summary>Blocks the entry point until the test asks for the application.</summary>
    public abstract void Building(DistributedApplicationBuilder builder);

    public abstract void Built(DistributedApplication app);

    /// <summary>Ends when the test starts the application; false when it is disposed unstarted.</summary>
    public abstract Task<bool> StartRequested { get; }
}
