using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Jobs;

internal sealed class FinishedJobConfiguration : IEntityTypeConfiguration<FinishedJob>
{
    public void Configure(EntityTypeBuilder<FinishedJob> job)
    {
        job.ToTable("finished_jobs", "jobs"); // partitioned by the month of finished_at, see the migration
        job.HasKey(j => new { j.Id, j.FinishedAt });
        job.Property(j => j.Queue).HasMaxLength(Job.QueueMaxLength);
        job.Property(j => j.Kind).HasMaxLength(Job.KindMaxLength);
        job.Property(j => j.Subject).HasMaxLength(Job.SubjectMaxLength);
        job.Property(j => j.TraceParent).HasMaxLength(64);
        job.Property(j => j.State).HasConversion<string>().HasMaxLength(16);
        job.Property(j => j.Priority).HasConversion<short>();
        job.Property(j => j.Payload).HasColumnType("jsonb");
        job.Property(j => j.Progress).HasColumnType("jsonb");
        job.Property(j => j.Result).HasColumnType("jsonb");
        job.Property(j => j.Error).HasMaxLength(Job.ErrorMaxLength);
    }
}

internal sealed class JobRecordConfiguration : IEntityTypeConfiguration<JobRecord>
{
    public void Configure(EntityTypeBuilder<JobRecord> job)
    {
        job.ToView("all_jobs", "jobs");
        job.HasNoKey(); // never tracked
        job.Property(j => j.State).HasConversion<string>();
        job.Property(j => j.Priority).HasConversion<short>();
        job.Property(j => j.Payload).HasColumnType("jsonb");
        job.Property(j => j.Progress).HasColumnType("jsonb");
        job.Property(j => j.Result).HasColumnType("jsonb");
    }
}
