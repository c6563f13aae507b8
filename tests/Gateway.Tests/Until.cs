using System.Diagnostics;

namespace Shabou.Gateway.Tests;

/// <summary>Waits for what comes by itself, and fails when it does not come in time.</summary>
internal static class Until
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <returns>How long it took.</returns>
    internal static async Task<TimeSpan> TrueAsync(Func<Task<bool>> question, TimeSpan limit, string what)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Step);
        while (!await question())
        {
            Assert.True(watch.Elapsed < limit, what);
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
        return watch.Elapsed;
    }
}
