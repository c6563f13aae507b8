using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Forecast;

internal sealed class ModelArtifactConfiguration : IEntityTypeConfiguration<ModelArtifact>
{
    public void Configure(EntityTypeBuilder<ModelArtifact> artifact)
    {
        // That the bytes match their hash is not checked here: damage must be seen when they are read.
        artifact.ToTable("model_artifacts", "forecast", table =>
        {
            table.HasCheckConstraint("ck_model_artifacts_sha256", "sha256 ~ '^[0-9a-f]{64}$'");
            table.HasCheckConstraint("ck_model_artifacts_size", "size >= 0");
        });
        artifact.HasKey(a => a.ModelVersionId);
        artifact.Property(a => a.Sha256).HasColumnName("sha256").HasMaxLength(64).IsFixedLength();
        artifact.HasOne(a => a.ModelVersion).WithOne().HasForeignKey<ModelArtifact>(a => a.ModelVersionId).OnDelete(DeleteBehavior.Cascade);
    }
}
