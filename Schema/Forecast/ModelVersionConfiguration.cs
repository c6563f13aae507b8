using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Forecast;

internal sealed class ModelVersionConfiguration : IEntityTypeConfiguration<ModelVersion>
{
    public void Configure(EntityTypeBuilder<ModelVersion> version)
    {
        version.ToTable("model_versions", "forecast", table =>
        {
            table.HasCheckConstraint("ck_model_versions_data_sha256", "data_sha256 ~ '^[0-9a-f]{64}$'");
            table.HasCheckConstraint("ck_model_versions_window", "window_start <= window_end");
            table.HasCheckConstraint("ck_model_versions_series_count", "series_count > 0");
            table.HasCheckConstraint("ck_model_versions_horizon", "horizon BETWEEN 1 AND 1000");
            table.HasCheckConstraint("ck_model_versions_fingerprint", "fingerprint ~ '^[0-9a-f]{64}$'");
            table.HasCheckConstraint("ck_model_versions_fallbacks", "fallbacks BETWEEN 0 AND series_count");
        });
        version.Property(v => v.Id).ValueGeneratedNever(); // UUIDv7, made in code
        version.Property(v => v.Version).HasMaxLength(ModelVersion.NameMaxLength);
        version.Property(v => v.DataSha256).HasColumnName("data_sha256").HasMaxLength(64).IsFixedLength();
        version.Property(v => v.CodeVersion).HasMaxLength(ModelVersion.CodeVersionMaxLength);
        version.Property(v => v.Parameters).HasColumnType("jsonb");
        version.Property(v => v.Seed).HasDefaultValue(1);
        version.Property(v => v.Fingerprint).HasMaxLength(64).IsFixedLength();
        version.Property(v => v.Fallbacks).HasDefaultValue(0);
        version.HasIndex(v => v.Fingerprint); // not unique: the same training twice is two versions of the same bytes
        version.HasIndex(v => v.Version).IsUnique();
        version.HasIndex(v => v.JobId).IsUnique();
        version.HasIndex(v => v.Active).IsUnique().HasFilter("active"); // one at most is served
    }
}
