using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shabou.ServiceDefaults.Health;

/// <summary>Asks the checks at most once a second, however many probe; a check that takes longer than we wait is a failed one.</summary>
internal sealed class HealthAnswer(HealthCheckService checks, Func<HealthCheckRegistration, bool> which, TimeSpan patience)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _turn = new();
    private Task<HealthStatus>? _asked;
    private long _askedAt;

    public Task<HealthStatus> GetAsync()
    {
        lock (_turn)
        {
            if (_asked is null || (_asked.IsCompleted && Environment.TickCount64 - _askedAt > Fresh.TotalMilliseconds))
            {
                (_asked, _askedAt) = (AskAsync(), Environment.TickCount64);
            }

            return _asked;
        }
    }

    // The prober's own cancellation is not passed on: others may wait for the same answer.
    private async Task<HealthStatus> AskAsync()
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            return (await checks.CheckHealthAsync(which, limit.Token).WaitAsync(limit.Token)).Status;
        }
        catch (OperationCanceledException)
        {
            return HealthStatus.Unhealthy;
        }
    }
}
