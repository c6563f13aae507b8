using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Jobs;

internal sealed class JobConfiguration : IEntityTypeConfiguration<Job>
{
    public void Configure(EntityTypeBuilder<Job> job)
    {
        job.ToTable("jobs", "jobs", table =>
        {
            table.HasCheckConstraint("ck_jobs_state", "state IN ('Available', 'Running', 'Dead')");
            table.HasCheckConstraint("ck_jobs_lease", "(state = 'Running') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)");
            table.HasCheckConstraint("ck_jobs_priority", "priority BETWEEN 1 AND 4");
        });
        job.Property(j => j.Id).ValueGeneratedNever();
        job.Property(j => j.Queue).HasMaxLength(Job.QueueMaxLength);
        job.Property(j => j.Kind).HasMaxLength(Job.KindMaxLength);
        job.Property(j => j.Subject).HasMaxLength(Job.SubjectMaxLength);
        job.Property(j => j.TraceParent).HasMaxLength(64);
        job.Property(j => j.State).HasConversion<string>().HasMaxLength(16);
        job.Property(j => j.Priority).HasConversion<short>();
        job.Property(j => j.Payload).HasColumnType("jsonb");
        job.Property(j => j.Progress).HasColumnType("jsonb");
        job.Property(j => j.Error).HasMaxLength(Job.ErrorMaxLength);
        job.Property(j => j.RunAt).HasDefaultValueSql("now()");
        job.Property(j => j.CreatedAt).HasDefaultValueSql("now()");
        job.HasIndex(j => new { j.Queue, j.Priority, j.RunAt }).HasFilter("state = 'Available'").HasDatabaseName("ix_jobs_claim");
        job.HasIndex(j => j.LeaseUntil).HasFilter("state = 'Running'").HasDatabaseName("ix_jobs_lapsed");
        job.HasIndex(j => j.Id).HasFilter("state = 'Dead'").HasDatabaseName("ix_jobs_dead");
    }
}
