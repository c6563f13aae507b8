using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

/// <summary>Somebody who must not be prospected, known by a hash only: the value itself is never stored.</summary>
public sealed class Suppression
{
    public const int ReasonMaxLength = 200;
    public const int HashBytes = 32;

    public required Guid Id { get; init; }
    public required SuppressionKind Kind { get; init; }

    /// <summary>SHA-256 of the normalised value in UTF-8.</summary>
    public required byte[] Hash { get; init; }

    public required string Reason { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }

    /// <summary>Why it is being removed: set in the transaction that deletes it, for the audit.</summary>
    public string? RemovalReason { get; set; }

    public string ChangedBy { get; set; } = "system";
    public string? ChangedTrace { get; set; }

    /// <summary>PostgreSQL's xmin.</summary>
    public uint Version { get; init; }
}

/// <summary>What a suppression is the hash of. Stored and sent as text.</summary>
public enum SuppressionKind
{
    /// <summary>A phone in E.164.</summary>
    Phone,

    /// <summary>An e-mail address in lower case.</summary>
    Email,

    /// <summary>A site's domain in lower case without www.</summary>
    Domain,

    /// <summary>Google's id of a place.</summary>
    PlaceId,
}

internal sealed class SuppressionConfiguration : IEntityTypeConfiguration<Suppression>
{
    public void Configure(EntityTypeBuilder<Suppression> suppression)
    {
        suppression.ToTable("suppressions", "prospector", table => table.HasCheckConstraint("ck_suppressions_hash", $"octet_length(hash) = {Suppression.HashBytes}"));
        suppression.Property(s => s.Id).ValueGeneratedNever();
        suppression.Property(s => s.Kind).HasConversion<string>().HasMaxLength(8);
        suppression.Property(s => s.Reason).HasMaxLength(Suppression.ReasonMaxLength);
        suppression.Property(s => s.RemovalReason).HasMaxLength(Suppression.ReasonMaxLength);
        suppression.Property(s => s.CreatedBy).HasMaxLength(Lead.ActorMaxLength);
        suppression.Property(s => s.ChangedBy).HasMaxLength(Lead.ActorMaxLength).HasDefaultValue("system");
        suppression.Property(s => s.ChangedTrace).HasMaxLength(Lead.TraceMaxLength);
        suppression.Property(s => s.Version).IsRowVersion();
        suppression.HasIndex(s => new { s.Hash, s.Kind }).IsUnique();
        suppression.HasIndex(s => new { s.Kind, s.Id });
    }
}
