namespace Shabou.Schema.Prospector;

/// <summary>A campaign has found a lead; several campaigns may find the same one.</summary>
public sealed class CampaignLead
{
    public required Guid CampaignId { get; init; }
    public required Guid LeadId { get; init; }

    /// <summary>The run that found it first for this campaign.</summary>
    public required Guid RunId { get; init; }
}
