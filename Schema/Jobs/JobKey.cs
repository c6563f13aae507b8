using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Jobs;

/// <summary>What makes a job unique, kept as long as its history: the same work asked for again is the same job.</summary>
public sealed class JobKey
{
    /// <summary>SHA-256 of the kind and the caller's key.</summary>
    public required byte[] Hash { get; init; }
    public required Guid JobId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class JobKeyConfiguration : IEntityTypeConfiguration<JobKey>
{
    public void Configure(EntityTypeBuilder<JobKey> key)
    {
        key.ToTable("job_keys", "jobs", table => table.HasCheckConstraint("ck_job_keys_hash", "octet_length(hash) = 32"));
        key.HasKey(k => k.Hash);
        key.Property(k => k.CreatedAt).HasDefaultValueSql("now()");
        key.HasIndex(k => k.CreatedAt);
    }
}
