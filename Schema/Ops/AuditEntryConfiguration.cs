using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shabou.Schema.Catalog;

namespace Shabou.Schema.Ops;

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.ToTable("audit_entries", "ops");
        entry.Property(e => e.TableName).HasMaxLength(63);
        entry.Property(e => e.Action).HasMaxLength(20);
        entry.Property(e => e.Actor).HasMaxLength(IAudited.ActorMaxLength);
        entry.Property(e => e.TraceId).HasMaxLength(IAudited.TraceMaxLength);
        entry.Property(e => e.Before).HasColumnType("jsonb");
        entry.Property(e => e.After).HasColumnType("jsonb");
        entry.HasIndex(e => new { e.RowId, e.Id });
    }
}
