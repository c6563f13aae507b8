using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shabou.ServiceDefaults.Outages;
using Shabou.Testing;

namespace Shabou.ServiceDefaults.Tests.Outages;

public sealed class OutageTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_database_hangs_a_request_that_waits_is_told_so_and_one_that_needs_it_not_is_answered_and_afterwards_all_are()
    {
        var database = new HungDatabase();
        await using var app = await StartAsync(database);
        app.Client.SignIn("USER", "somebody");
        await UntilAsync(() => database.Asked > 0); // the first question gets more time
        database.Hang();
        using var refused = await app.Client.GetAsync(new Uri("/waits", UriKind.Relative), Cancelled);
        await refused.ReadProblemAsync("database-unavailable", HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("here", await app.Client.GetStringAsync(new Uri("/here", UriKind.Relative), Cancelled));
        Assert.Equal("Healthy", await app.Client.GetStringAsync(new Uri("/alive", UriKind.Relative), Cancelled));

        database.Answers();
        await app.Log.WaitForAsync("The database answers again");
        var asked = database.Asked;
        var waits = app.Client.GetAsync(new Uri("/waits", UriKind.Relative), Cancelled);
        await UntilAsync(() => database.Asked >= asked + 2); // it takes its time, so the database is asked whether it is there
        Assert.False(waits.IsCompleted);
        database.Work();
        Assert.Equal(HttpStatusCode.OK, (await waits).StatusCode);
    }

    [Fact]
    public async Task A_request_that_is_not_to_be_ended_makes_ask_and_goes_on()
    {
        var database = new HungDatabase();
        await using var app = await StartAsync(database, mayEnd: _ => false);
        app.Client.SignIn("USER", "somebody");
        await UntilAsync(() => database.Asked > 0); // the first question gets more time
        database.Hang();
        var waits = app.Client.GetAsync(new Uri("/waits", UriKind.Relative), Cancelled);
        await app.Log.WaitForAsync("The database hangs");
        Assert.False(waits.IsCompleted);
        database.Work();
        Assert.Equal(HttpStatusCode.OK, (await waits).StatusCode);
    }

    private static Task<TestApp> StartAsync(HungDatabase database, Func<HttpContext, bool>? mayEnd = null) => TestApp.StartAsync(
        app =>
        {
            app.MapGet("/here", () => "here");
            app.MapGet("/waits", async (CancellationToken cancellationToken) => { await database.Worked.WaitAsync(cancellationToken); return "worked"; });
        },
        builder => builder.AddDatabasePulse((_, cancellationToken) => database.AskAsync(cancellationToken), mayEnd), settings: ("Logging:LogLevel:Default", "Information"));

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!isSo()) await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>Answers, and when told so takes questions and says nothing.</summary>
    private sealed class HungDatabase
    {
        private volatile TaskCompletionSource? _hangs;
        private readonly TaskCompletionSource _worked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public Task Worked => _worked.Task;

        public void Hang() => _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Answers()
        {
            var hung = _hangs!;
            _hangs = null;
            hung.SetResult();
        }

        public void Work() => _worked.SetResult();

        public async Task<bool> AskAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            if (_hangs is { } hangs) await hangs.Task.WaitAsync(cancellationToken);
            return true;
        }
    }
}
