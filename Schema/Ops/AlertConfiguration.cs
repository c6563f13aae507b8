using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Ops;

internal sealed class AlertConfiguration : IEntityTypeConfiguration<Alert>
{
    public void Configure(EntityTypeBuilder<Alert> alert)
    {
        alert.ToTable("alerts", "ops", table => table.HasCheckConstraint("ck_alerts_severity", "severity IN ('Info', 'Warning', 'Critical')"));
        alert.Property(a => a.Id).ValueGeneratedNever();
        alert.Property(a => a.Kind).HasMaxLength(Alert.KindMaxLength);
        alert.Property(a => a.Subject).HasMaxLength(Alert.SubjectMaxLength);
        alert.Property(a => a.Severity).HasConversion<string>().HasMaxLength(16);
        alert.Property(a => a.Summary).HasMaxLength(Alert.SummaryMaxLength);
        alert.Property(a => a.Detail).HasColumnType("jsonb");
        alert.Property(a => a.OnceKey).HasMaxLength(Alert.OnceKeyMaxLength);
        alert.Property(a => a.LastError).HasMaxLength(Alert.ErrorMaxLength);
        alert.HasIndex(a => a.OnceKey).IsUnique();
        alert.HasIndex(a => a.CreatedAt);
    }
}
