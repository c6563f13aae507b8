// Stands in for Aspire.Hosting.Testing 13.4.6. Delete with the folder when the genuine package can be restored.
namespace Aspire.Hosting.Testing;

/// <summary>The AppHost's builder while its entry point waits: the test may change it, then asks for the application.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Lets the entry point go on and returns the application it built, not started yet.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
