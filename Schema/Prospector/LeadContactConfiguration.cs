using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

internal sealed class LeadContactConfiguration : IEntityTypeConfiguration<LeadContact>
{
    public void Configure(EntityTypeBuilder<LeadContact> contact)
    {
        contact.ToTable("lead_contacts", "prospector", table =>
        {
            table.HasCheckConstraint("ck_lead_contacts_hash", "octet_length(hash) = 32 AND (kind = 'Email') = (domain_hash IS NOT NULL)");
            table.HasCheckConstraint("ck_lead_contacts_personal_consent", "NOT is_personal OR consent_id IS NOT NULL");
            table.HasCheckConstraint("ck_lead_contacts_named_person", "person_name IS NULL OR is_personal");
            table.HasCheckConstraint("ck_lead_contacts_named_mailbox", $"kind <> 'Email' OR is_personal OR split_part(value, '@', 1) ~ '{GenericMailboxes.Pattern}'");
        });
        contact.Property(c => c.Id).ValueGeneratedNever();
        contact.Property(c => c.Kind).HasConversion<string>().HasMaxLength(8);
        contact.Property(c => c.Value).HasMaxLength(LeadContact.ValueMaxLength);
        contact.Property(c => c.PersonName).HasMaxLength(LeadContact.PersonNameMaxLength);
        contact.Property(c => c.Source).HasMaxLength(LeadContact.SourceMaxLength);
        contact.Property(c => c.CreatedBy).HasMaxLength(Lead.ActorMaxLength);
        contact.Property(c => c.NeedsActiveConsent).HasComputedColumnSql("CASE WHEN is_personal THEN true END", stored: true);
        contact.HasOne<Lead>().WithMany(l => l.Contacts).HasForeignKey(c => c.LeadId).OnDelete(DeleteBehavior.Cascade);
        // A migration adds what the model cannot say: the consent is of this lead and this address, and not withdrawn.
        contact.HasOne<ContactConsent>().WithMany().HasForeignKey(c => c.ConsentId).OnDelete(DeleteBehavior.NoAction);
        contact.HasIndex(c => new { c.LeadId, c.Kind, c.Value }).IsUnique();
        contact.HasIndex(c => c.Hash);
        contact.HasIndex(c => c.ConsentId);
    }
}
