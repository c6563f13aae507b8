namespace Shabou.ProspectorService.Budgets;

/// <summary>The ledger's counts after one of its changes.</summary>
/// <param name="Version">Grows with each change; of two snapshots the greater is the newer.</param>
internal sealed record LedgerSnapshot(
    long Version, DateTimeOffset At, bool Killed, DateOnly Day, int DayUsed, int DayReserved, int DayLeft, int LastDay, int LastDayLeft,
    int MonthUsed, int MonthReserved, int MonthLeft, long SpentMicros, long ReservedMicros, long LeftMicros)
{
    public static LedgerSnapshot Of(LedgerState state, PlacesBudgetOptions options)
    {
        var caps = BudgetCaps.Effective(options, state);
        return new(
            state.Version, state.Now, state.Killed, state.Day, state.DayUsed, state.DayReserved, Math.Max(0, caps.CallsPerDay - state.DayUsed - state.DayReserved),
            state.LastDay, Math.Max(0, caps.CallsPerDay - state.LastDay), state.MonthUsed, state.MonthReserved, state.LeftThisMonth(caps),
            state.MonthMicros - state.ReservedMicros, state.ReservedMicros, state.LeftMicros(caps));
    }
}

/// <summary>The newest counts that this process has seen, for metrics and for the copy in Redis. Nothing is decided by them.</summary>
internal sealed class LedgerNews
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = New();

    public LedgerSnapshot? Latest { get; private set; }

    /// <summary>Takes a snapshot, unless a newer one is known. The same version again is news too: the reader may have lost it.</summary>
    public void Tell(LedgerSnapshot snapshot)
    {
        lock (_gate)
        {
            if (Latest is { } latest && latest.Version > snapshot.Version) return;
            Latest = snapshot;
            _next.SetResult();
            _next = New();
        }
    }

    /// <summary>Completes at the next <see cref="Tell"/>. Ask for it before reading <see cref="Latest"/>, and none is missed.</summary>
    public Task NextAsync()
    {
        lock (_gate) return _next.Task;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
