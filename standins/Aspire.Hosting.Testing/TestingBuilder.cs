using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

internal sealed class TestingBuilder(DistributedApplicationBuilder inner, EntryPointRun run) : IDistributedApplicationTestingBuilder
{
    private TestedApplication? _app;

    public ConfigurationManager Configuration => inner.Configuration;

    public string AppHostDirectory => inner.AppHostDirectory;

    public Assembly? AppHostAssembly => inner.AppHostAssembly;

    public IHostEnvironment Environment => inner.Environment;

    public IServiceCollection Services => inner.Services;

    public DistributedApplicationExecutionContext ExecutionContext => inner.ExecutionContext;

    public IDistributedApplicationEventing Eventing => inner.Eventing;

    public IResourceCollection Resources => inner.Resources;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource => inner.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => inner.CreateResourceBuilder(resource);

    public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
    {
        if (run.EntryAssembly is null)
            inner.Build();
        return _app = new(await run.BuildAsync().WaitAsync(cancellationToken), run);
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        run.Abandon();
        if (_app is not null)
            await _app.DisposeAsync();
        await run.Ended;
        run.DataFolder.Remove();
    }
}

/// <summary>The application as the test holds it: starting it lets the entry point's Run() go on, disposing it stops everything.</summary>
internal sealed class TestedApplication(DistributedApplication inner, EntryPointRun run) : DistributedApplication(inner.Host)
{
    private int _disposed;

    public override async Task StartAsync(CancellationToken cancellationToken = default)
    {
        run.RequestStart();
        await inner.StartOnceAsync(cancellationToken);
    }

    public override async Task RunAsync(CancellationToken cancellationToken = default)
    {
        await StartAsync(cancellationToken);
        await Host.WaitForShutdownAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;

        run.Abandon();
        await Host.StopAsync(CancellationToken.None);
        await run.Ended;
        await base.DisposeAsync();
        run.DataFolder.Remove();
    }
}
