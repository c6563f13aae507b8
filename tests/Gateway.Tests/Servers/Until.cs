namespace Shabou.Gateway.Tests.Servers;

/// <summary>Waits for something that happens soon, by looking.</summary>
internal static class Until
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);

    internal static Task TrueAsync(Func<bool> holds, string what) => TrueAsync(() => Task.FromResult(holds()), what);

    internal static async Task TrueAsync(Func<Task<bool>> holds, string what, TimeSpan? limit = null)
    {
        var since = TimeProvider.System.GetTimestamp();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < (limit ?? Usual), $"It did not happen: {what}.");
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
