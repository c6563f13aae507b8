using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

/// <summary>A person's consent to be written to or called, kept as proof. Withdrawn, it stays, and the contact goes.</summary>
public sealed class ContactConsent
{
    public const int HowMaxLength = 300;

    public required Guid Id { get; init; }
    public required Guid LeadId { get; init; }

    /// <summary>SHA-256 of the address or number that it is for.</summary>
    public required byte[] ContactHash { get; init; }

    public required DateTimeOffset GivenAt { get; init; }

    /// <summary>For example "signed form of the Sfax fair".</summary>
    public required string How { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Id of the caller who wrote it down.</summary>
    public required string RecordedBy { get; init; }

    public DateTimeOffset? WithdrawnAt { get; set; }
    public string? WithdrawnBy { get; set; }

    /// <summary>Computed: not withdrawn.</summary>
    public bool Active { get; private set; }
}

internal sealed class ContactConsentConfiguration : IEntityTypeConfiguration<ContactConsent>
{
    public void Configure(EntityTypeBuilder<ContactConsent> consent)
    {
        consent.ToTable("contact_consents", "prospector", table =>
        {
            table.HasCheckConstraint("ck_contact_consents_given_at", "given_at <= recorded_at");
            table.HasCheckConstraint("ck_contact_consents_withdrawn", "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)");
        });
        consent.Property(c => c.Id).ValueGeneratedNever();
        consent.Property(c => c.How).HasMaxLength(ContactConsent.HowMaxLength);
        consent.Property(c => c.RecordedBy).HasMaxLength(Lead.ActorMaxLength);
        consent.Property(c => c.WithdrawnBy).HasMaxLength(Lead.ActorMaxLength);
        consent.Property(c => c.Active).HasComputedColumnSql("withdrawn_at IS NULL", stored: true);
        consent.HasOne<Lead>().WithMany().HasForeignKey(c => c.LeadId).OnDelete(DeleteBehavior.Cascade);
        consent.HasIndex(c => c.LeadId);
    }
}
