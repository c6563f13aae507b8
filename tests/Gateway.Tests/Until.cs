using System.Diagnostics;

namespace Shabou.Gateway.Tests;

/// <summary>Waits for what comes by itself, and fails when it does not come in time.</summary>
internal static class Until
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);

    internal static Task<TimeSpan> TrueAsync(Func<bool> holds, string what) => TrueAsync(() => Task.FromResult(holds()), Usual, $"It did not happen: {what}.");

    internal static Task<TimeSpan> TrueAsync(Func<Task<bool>> holds, string what, TimeSpan? limit = null) => TrueAsync(holds, limit ?? Usual, $"It did not happen: {what}.");

    /// <returns>How long it took.</returns>
    internal static async Task<TimeSpan> TrueAsync(Func<Task<bool>> holds, TimeSpan limit, string otherwise)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Step);
        while (!await holds())
        {
            Assert.True(watch.Elapsed < limit, otherwise);
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
        return watch.Elapsed;
    }

    /// <summary>Waits for the token, and then throws as whatever it cancels does.</summary>
    internal static async Task CancelledAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(() => cancelled.TrySetCanceled(token));
        await cancelled.Task;
    }
}
