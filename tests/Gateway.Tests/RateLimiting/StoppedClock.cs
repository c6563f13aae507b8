namespace Shabou.Gateway.Tests.RateLimiting;

/// <summary>A clock that only the test moves.</summary>
internal sealed class StoppedClock : TimeProvider
{
    private TimeSpan _passed;

    internal TimeSpan Offset { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _passed.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _passed + Offset;

    internal void Pass(TimeSpan time) => _passed += time;
}
