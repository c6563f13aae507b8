using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shabou.ServiceDefaults.Health;

/// <summary>Asks the checks at most once a second, however many probe, and four times until they succeed for the first time: then somebody waits
/// for the start. A check that takes longer than we wait is a failed one.</summary>
internal sealed class HealthAnswer(HealthCheckService checks, Func<HealthCheckRegistration, bool> which, TimeSpan patience)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FreshAtStart = TimeSpan.FromSeconds(0.25);

    private readonly Lock _turn = new();
    private Task<HealthStatus>? _asked;
    private long _askedAt;
    private volatile bool _succeeded;

    public Task<HealthStatus> GetAsync()
    {
        lock (_turn)
        {
            if (_asked is null || IsOld(_asked))
            {
                (_asked, _askedAt) = (AskAsync(), Stopwatch.GetTimestamp());
            }

            return _asked;
        }
    }

    private bool IsOld(Task<HealthStatus> asked) => asked.IsCompleted && Stopwatch.GetElapsedTime(_askedAt) > (_succeeded ? Fresh : FreshAtStart);

    // The prober's own cancellation is not passed on: others may wait for the same answer.
    private async Task<HealthStatus> AskAsync()
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            var status = (await checks.CheckHealthAsync(which, limit.Token).WaitAsync(limit.Token)).Status;
            _succeeded |= status != HealthStatus.Unhealthy;
            return status;
        }
        catch (OperationCanceledException)
        {
            return HealthStatus.Unhealthy;
        }
    }
}
