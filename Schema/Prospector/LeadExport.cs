using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

/// <summary>Leads left the house: who took how many of which, and what for. Written before the first one is sent; no service may change it.</summary>
public sealed class LeadExport
{
    public const int PurposeMinLength = 3;
    public const int PurposeMaxLength = 200;

    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Id of the caller.</summary>
    public required string Actor { get; init; }

    public string? TraceId { get; init; }
    public required string Purpose { get; init; }

    /// <summary>csv or json.</summary>
    public required string Format { get; init; }

    /// <summary>JSON: the filters that were set.</summary>
    public required string Filters { get; init; }

    /// <summary>Leads in it, when all of it arrives.</summary>
    public required int Leads { get; init; }
}

internal sealed class LeadExportConfiguration : IEntityTypeConfiguration<LeadExport>
{
    public void Configure(EntityTypeBuilder<LeadExport> export)
    {
        export.ToTable("lead_exports", "ops");
        export.Property(e => e.Id).ValueGeneratedNever();
        export.Property(e => e.Actor).HasMaxLength(Lead.ActorMaxLength);
        export.Property(e => e.TraceId).HasMaxLength(Lead.TraceMaxLength);
        export.Property(e => e.Purpose).HasMaxLength(LeadExport.PurposeMaxLength);
        export.Property(e => e.Format).HasMaxLength(8);
        export.Property(e => e.Filters).HasColumnType("jsonb");
    }
}
