namespace Shabou.Standby.Promotion;

/// <summary>What a promotion did, or why it was refused.</summary>
/// <param name="Promoted">Whether this server is the primary now.</param>
/// <param name="Sentence">For a person.</param>
/// <param name="LostBytes">Bytes of the old primary's log that this server does not have and that may have been acknowledged; 0: none, null: unknown.</param>
/// <param name="PrimarySeenAt">When the old primary was last seen.</param>
internal sealed record PromotionAnswer(bool Promoted, string Sentence, long? LostBytes, DateTimeOffset? PrimarySeenAt);
