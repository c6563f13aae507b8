using System.Text.Json.Serialization;

namespace Shabou.Standby.Supervision;

/// <summary>What the pair is like: the answer of <c>GET /state</c>.</summary>
/// <param name="Role">What this server is.</param>
/// <param name="Sentence">For a person: what is so, and what to do if something is to be done.</param>
/// <param name="IsInSync">Whatever a client was told is stored is stored here too.</param>
/// <param name="LagBytes">Bytes of the log that the primary had and this server had not received when both were last seen; null: unknown.</param>
/// <param name="LagSeconds">How old the newest change is that can be read here; 0 when nothing is missing, null: unknown.</param>
/// <param name="PrimarySeenAt">When the other server was last seen; null: not since this program started.</param>
/// <param name="LookedAt">When this was so.</param>
internal sealed record StandbyReport(
    StandbyRole Role, string Sentence, bool IsInSync, long? LagBytes, double? LagSeconds, DateTimeOffset? PrimarySeenAt, DateTimeOffset? LookedAt);

/// <summary>What the standby's server is at the moment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StandbyRole>))]
internal enum StandbyRole
{
    /// <summary>Not yet anything: it waits for the primary, or is being copied.</summary>
    Starting,

    /// <summary>It follows the primary, and can be read.</summary>
    Standby,

    /// <summary>It follows nobody: the primary is away, or has thrown away what it needs.</summary>
    Detached,

    /// <summary>It was promoted and takes the writes.</summary>
    Primary,
}
