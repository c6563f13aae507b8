using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Jobs;

internal sealed class JobConfiguration : IEntityTypeConfiguration<Job>
{
    public void Configure(EntityTypeBuilder<Job> job)
    {
        job.ToTable("jobs", "jobs", table =>
            table.HasCheckConstraint("ck_jobs_lease", "(state = 'Running') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)"));
        job.Property(j => j.Id).ValueGeneratedNever();
        job.Property(j => j.Kind).HasMaxLength(Job.KindMaxLength);
        job.Property(j => j.Subject).HasMaxLength(Job.SubjectMaxLength);
        job.Property(j => j.IdempotencyKey).HasMaxLength(Job.IdempotencyKeyMaxLength);
        job.Property(j => j.TraceParent).HasMaxLength(64);
        job.Property(j => j.State).HasConversion<string>().HasMaxLength(16);
        job.Property(j => j.Payload).HasColumnType("jsonb");
        job.Property(j => j.Progress).HasColumnType("jsonb");
        job.Property(j => j.Result).HasColumnType("jsonb");
        job.Property(j => j.Error).HasMaxLength(2000);
        job.HasIndex(j => new { j.Kind, j.IdempotencyKey }).IsUnique();
        // What the claim looks for; finished jobs, the many, are not in it.
        job.HasIndex(j => new { j.Kind, j.RunAt }).HasFilter("state IN ('Available', 'Running')");
    }
}
