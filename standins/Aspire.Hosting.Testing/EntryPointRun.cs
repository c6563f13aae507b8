using System.Reflection;
using Aspire.Hosting.LocalHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Testing;

/// <summary>
/// One run of an AppHost's Main on a thread of its own. It stops inside Build() until the test asks for the application, and inside Run() until
/// the test starts it.
/// </summary>
internal sealed class EntryPointRun(
    Assembly? assembly, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure) : ApplicationHook
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _buildRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _startRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The builder with everything that the entry point adds before Build().</summary>
    public Task<DistributedApplicationBuilder> BuilderFilled => _filled.Task;

    /// <summary>Ends when Main has returned; nothing to wait for without one.</summary>
    public Task Ended => _ended.Task;

    public override Assembly? EntryAssembly => assembly;

    public override Task<bool> StartRequested => _startRequested.Task;

    public TestDataFolder DataFolder { get; } = new();

    public void Start()
    {
        var entryPoint = assembly!.EntryPoint ?? throw new InvalidOperationException($"Assembly {assembly.GetName().Name} has no entry point.");
        Current = this; // Flows into the thread.
        var thread = new Thread(() => Run(entryPoint)) { IsBackground = true, Name = $"{assembly.GetName().Name} entry point" };
        thread.Start();
        Current = null;
    }

    public DistributedApplicationBuilder CreateBuilder()
    {
        Current = this;
        try
        {
            _buildRequested.TrySetResult(true);
            _ended.TrySetResult();
            return new(args);
        }
        finally
        {
            Current = null;
        }
    }

    public Task<DistributedApplication> BuildAsync()
    {
        _buildRequested.TrySetResult(true);
        return _built.Task;
    }

    public void RequestStart() => _startRequested.TrySetResult(true);

    /// <summary>Lets Main return when the test no longer wants the application.</summary>
    public void Abandon()
    {
        _buildRequested.TrySetResult(false);
        _startRequested.TrySetResult(false);
    }

    public override void Creating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        settings.EnvironmentName = Environments.Development;
        settings.Configuration = new ConfigurationManager();
        settings.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DcpPublisher:RandomizePorts"] = "true",
            ["LocalHost:DataFolder"] = DataFolder.Path,
        });
        configure(options, settings);
    }

    // The console is the test runner's; a test that wants the logs adds its own provider.
    public override void Created(DistributedApplicationBuilder builder) => builder.Services.AddLogging(logging => logging.ClearProviders());

    public override void Building(DistributedApplicationBuilder builder)
    {
        _filled.TrySetResult(builder);
        if (!_buildRequested.Task.WaitAsync(s_limit).GetAwaiter().GetResult())
            throw new OperationCanceledException("The test does not want the application.");
    }

    public override void Built(DistributedApplication app) => _built.TrySetResult(app);

    private void Run(MethodInfo entryPoint)
    {
        Exception? error = null;
        try
        {
            var result = entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? null : [args]);
            if (result is Task running)
                running.GetAwaiter().GetResult();
        }
        catch (TargetInvocationException thrown)
        {
            error = thrown.InnerException;
        }

        // Each of these changes nothing when its step was reached.
        error ??= new InvalidOperationException("The entry point exited without building an application.");
        _filled.TrySetException(error);
        _built.TrySetException(error);
        _ended.TrySetResult();
    }
}
