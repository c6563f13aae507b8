namespace Shabou.Standby.Servers;

/// <summary>What one server says of itself.</summary>
/// <param name="At">When.</param>
/// <param name="InRecovery">It follows another; false: it takes writes, or would.</param>
/// <param name="Timeline">Each promotion begins a new one, so of two primaries the one with the lower number is the old one.</param>
/// <param name="Position">Bytes of the log that are safe here: written by a primary, received by a standby.</param>
/// <param name="Replayed">Bytes of the log that can be read here.</param>
/// <param name="ReplayLag">How old the newest transaction is that can be read here; null: unknown, or nothing is missing.</param>
/// <param name="Receiving">A standby whose primary sends.</param>
/// <param name="Awaits">What its commits wait for: its <c>synchronous_standby_names</c>.</param>
/// <param name="IsReadOnly">Sessions that begin now can only read.</param>
/// <param name="StartsReadOnly">It will begin so when it is started again.</param>
/// <param name="StandbyState">Of a primary: <c>sync</c>, <c>async</c> ..., or null when the standby is not connected.</param>
/// <param name="SlotLost">Of a primary: it has thrown away what the standby has not received.</param>
/// <param name="HasDatabase">It has the database that the pair is for.</param>
/// <param name="Follows">Its <c>primary_conninfo</c>: where a standby looks for its primary.</param>
internal sealed record ServerState(
    DateTimeOffset At, bool InRecovery, int Timeline, long Position, long Replayed, TimeSpan? ReplayLag, bool Receiving,
    string Awaits, bool IsReadOnly, bool StartsReadOnly, string? StandbyState, bool SlotLost, bool HasDatabase, string Follows)
{
    /// <summary>What was acknowledged to a client is on the standby too.</summary>
    public bool IsSynchronous => StandbyState is "sync" or "quorum" && Awaits.Length > 0;
}
