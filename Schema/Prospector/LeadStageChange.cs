using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

/// <summary>A lead came into a stage. The database writes it by itself; no service may change it, and it goes with its lead.</summary>
public sealed class LeadStageChange
{
    public long Id { get; init; }
    public required Guid LeadId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Id of the caller, or <c>system</c>.</summary>
    public required string Actor { get; init; }

    public string? TraceId { get; init; }

    /// <summary>Null when the lead was found.</summary>
    public LeadStage? FromStage { get; init; }

    public required LeadStage ToStage { get; init; }
    public string? Reason { get; init; }
}

internal sealed class LeadStageChangeConfiguration : IEntityTypeConfiguration<LeadStageChange>
{
    public void Configure(EntityTypeBuilder<LeadStageChange> change)
    {
        change.ToTable("lead_stage_changes", "ops"); // where services get no right to write by default
        change.Property(c => c.Actor).HasMaxLength(Lead.ActorMaxLength);
        change.Property(c => c.TraceId).HasMaxLength(Lead.TraceMaxLength);
        change.Property(c => c.FromStage).HasConversion<string>().HasMaxLength(16);
        change.Property(c => c.ToStage).HasConversion<string>().HasMaxLength(16);
        change.Property(c => c.Reason).HasMaxLength(Lead.StageReasonMaxLength);
        change.HasOne<Lead>().WithMany().HasForeignKey(c => c.LeadId).OnDelete(DeleteBehavior.Cascade);
        change.HasIndex(c => new { c.LeadId, c.Id });
    }
}
