using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Shabou.ServiceDefaults.Outages;

namespace Shabou.ServiceDefaults.Tests.Outages;

public sealed class DatabasePulseTests
{
    private const int LooksBeforeItHangs = 10;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_seldom_gets_to_look_takes_its_own_absence_for_nobody_s()
    {
        var time = new SlowTime();
        var asked = 0;
        using var pulse = Pulse(time, async stops =>
        {
            if (Interlocked.Increment(ref asked) > 1) await new TaskCompletionSource().Task.WaitAsync(stops); // answered once, at the start
            return true;
        });
        await pulse.StartAsync(Cancelled);
        var looks = await LooksUntilEndedAsync(pulse, time);
        Assert.True(looks > LooksBeforeItHangs, $"After {looks} looks, each a minute late, the request was ended.");
        await pulse.StopAsync(Cancelled);
    }

    [Fact]
    public async Task While_answers_are_slow_nothing_is_made_of_one_that_is_slow_too()
    {
        const int slow = LooksBeforeItHangs;
        var time = new SlowTime();
        var first = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        using var pulse = Pulse(time, stops => Interlocked.Increment(ref asked) == 1 ? first.Task : new TaskCompletionSource<bool>().Task.WaitAsync(stops));
        await pulse.StartAsync(Cancelled);
        using var turn = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var look = 0; look < 2 * slow; look++)
        {
            time.Look();
            await turn.WaitForNextTickAsync(Cancelled);
        }
        first.SetResult(true);
        var looks = await LooksUntilEndedAsync(pulse, time);
        Assert.True(looks > 2 * slow, $"After {looks} looks the request was ended, although the answer before had taken about {2 * slow}.");
        await pulse.StopAsync(Cancelled);
    }

    private static DatabasePulse Pulse(TimeProvider time, Func<CancellationToken, Task<bool>> ask) =>
        new(ask, _ => true, new RequestsUnderWay(time), time, NullLogger<DatabasePulse>.Instance);

    private static async Task<int> LooksUntilEndedAsync(DatabasePulse pulse, SlowTime time)
    {
        await using var request = pulse.Enter(new DefaultHttpContext());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var turn = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var looks = 0;
        for (; !request.Token.IsCancellationRequested; looks++)
        {
            time.Look();
            await turn.WaitForNextTickAsync(limit.Token);
        }
        return looks;
    }

    /// <summary>A minute passes between two looks.</summary>
    private sealed class SlowTime : TimeProvider
    {
        private long _minutes;
        private Action? _look; // none before the pulse has begun

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Read(ref _minutes) * 60;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _look = () => callback(state);
            return new Nothing();
        }

        public void Look()
        {
            Interlocked.Increment(ref _minutes);
            _look?.Invoke();
        }

        private sealed class Nothing : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() { }

            public ValueTask DisposeAsync() => default;
        }
    }
}
