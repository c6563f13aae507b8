namespace Shabou.Gateway.Resilience;

/// <summary>How the latest requests to one destination ended.</summary>
internal sealed class FailureRecord(EjectionOptions options, TimeProvider time)
{
    private const int Slots = 10;

    /// <summary>One that behaves for this many windows has its past forgotten.</summary>
    private const int ForgivenAfter = 6;

    private readonly Lock _turn = new();
    private readonly long _slotTicks = options.Window.Ticks / Slots;
    private readonly (long Slot, int Requests, int Failures)[] _slots = new (long, int, int)[Slots];
    private int _inARow;
    private int _times;
    private long _lastTime = long.MinValue;

    /// <param name="hasFailed">How the latest one ended.</param>
    /// <param name="times">How often in succession it has been set aside, with this one.</param>
    /// <returns>Whether it must be set aside now.</returns>
    internal bool Add(bool hasFailed, out int times)
    {
        lock (_turn)
        {
            var slot = time.GetUtcNow().UtcTicks / _slotTicks;
            ref var current = ref _slots[slot % Slots];
            if (current.Slot != slot)
                current = (slot, 0, 0);
            current.Requests++;
            _inARow = hasFailed ? _inARow + 1 : 0;
            if (hasFailed)
                current.Failures++;
            times = _times;
            if (!hasFailed || !IsBad(slot))
                return false;
            times = _times = slot - _lastTime > ForgivenAfter * Slots || _times == 0 ? 1 : _times + 1;
            _lastTime = slot;
            _inARow = 0;
            Array.Clear(_slots); // what was held against it once is not held against it again when it comes back
            return true;
        }
    }

    private bool IsBad(long slot)
    {
        if (_inARow >= options.Consecutive)
            return true;
        var (requests, failures) = (0, 0);
        foreach (var one in _slots)
            if (one.Slot > slot - Slots)
                (requests, failures) = (requests + one.Requests, failures + one.Failures);
        return requests >= options.MinimumRequests && failures >= requests * options.FailureRatio;
    }
}
