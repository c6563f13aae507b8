namespace Shabou.Gateway.Tests.Servers;

/// <summary>The system's clock, put forward or back: timers and ages run as ever, and it is later or earlier.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _ticks;

    internal TimeSpan Ahead
    {
        get => new(Interlocked.Read(ref _ticks));
        set => Interlocked.Exchange(ref _ticks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
