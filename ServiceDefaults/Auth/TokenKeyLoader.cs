using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>Loads the token keys at the start and again and again, so that a new key is known before it signs.</summary>
internal sealed class TokenKeyLoader(TokenKeys keys, IOptions<ServiceTokenOptions> options, TimeProvider time) : BackgroundService
{
    // The gateway may start at the same time as we.
    private static readonly TimeSpan FirstSetEvery = TimeSpan.FromSeconds(0.2);

    /// <exception cref="InvalidOperationException">The keys are in a file that cannot be used: nobody would be let in, so nothing is started.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.KeySetAddress is null)
        {
            await keys.LoadAsync().WaitAsync(cancellationToken);
            if (!keys.AreLoaded) throw new InvalidOperationException($"Tokens:KeySet names the file '{options.Value.KeySet}', which has no usable key set: put the gateway's /.well-known/jwks.json there.");
        }
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await keys.LoadAsync().WaitAsync(stoppingToken);
            var every = keys.AreLoaded ? options.Value.KeySetEvery : FirstSetEvery;
            await Task.Delay(every * (0.9 + 0.2 * Random.Shared.NextDouble()), time, stoppingToken); // not all replicas at once
        }
    }
}
