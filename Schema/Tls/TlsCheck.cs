using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Shabou.Schema.Tls;

/// <summary>Outside Development a program does not start beside a server that offers no TLS or cannot prove who it is. A server that does not answer is another
/// matter: the program starts, and is not ready until it does.</summary>
internal sealed class TlsCheck(SpareConnection spare) : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="InvalidOperationException">One sentence for whoever runs the server.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await spare.UseAsync(connection => Task.FromResult(connection.ProcessID), limit.Token);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or ArgumentException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            if (TlsFault.Sentence(error) is { } sentence) throw new InvalidOperationException(sentence);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
