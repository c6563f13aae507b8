using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

/// <summary>A Google id of a lead: a business that Google lists twice is one lead with two.</summary>
/// <remarks>Phone and site are Google's content and go with it; what remains to tell doubles apart are plain SHA-256 hashes of their normalised
/// forms. Whoever holds the table can test a number against them, so they are kept as closely as the numbers were.</remarks>
public sealed class LeadPlace
{
    /// <summary>Google's id; may be kept for ever.</summary>
    public required string PlaceId { get; init; }

    public required Guid LeadId { get; init; }

    /// <summary>SHA-256 of the id, as the list of suppressions has it.</summary>
    public required byte[] PlaceHash { get; init; }

    /// <summary>SHA-256 of the phone in E.164; null when it has none.</summary>
    public byte[]? PhoneHash { get; set; }

    /// <summary>SHA-256 of the site's domain; null when it has none of its own.</summary>
    public byte[]? DomainHash { get; set; }

    public required DateTimeOffset FirstSeenAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; set; }
}

internal sealed class LeadPlaceConfiguration : IEntityTypeConfiguration<LeadPlace>
{
    public void Configure(EntityTypeBuilder<LeadPlace> place)
    {
        place.ToTable("lead_places", "prospector", table => table.HasCheckConstraint("ck_lead_places_hashes",
            "octet_length(place_hash) = 32 AND (phone_hash IS NULL OR octet_length(phone_hash) = 32) AND (domain_hash IS NULL OR octet_length(domain_hash) = 32)"));
        place.HasKey(p => p.PlaceId);
        place.Property(p => p.PlaceId).HasMaxLength(Lead.PlaceIdMaxLength);
        place.HasOne<Lead>().WithMany(l => l.Places).HasForeignKey(p => p.LeadId).OnDelete(DeleteBehavior.Cascade);
        place.HasIndex(p => p.LeadId);
        place.HasIndex(p => p.PlaceHash);
        place.HasIndex(p => p.PhoneHash);
        place.HasIndex(p => p.DomainHash);
    }
}
