using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Jobs;

/// <summary>A process that takes jobs of a queue: written with every heartbeat, so that a queue nobody works on is noticed.</summary>
public sealed class JobWorkerSeen
{
    /// <summary>The process, made anew at each start.</summary>
    public required Guid WorkerId { get; init; }
    public required string Queue { get; init; }

    /// <summary>Machine and service, for people.</summary>
    public required string Name { get; init; }

    /// <summary>By the database's clock.</summary>
    public required DateTimeOffset SeenAt { get; set; }
}

/// <summary>How the attempts of one process in one queue ended in one minute.</summary>
public sealed class JobMinute
{
    public required Guid WorkerId { get; init; }
    public required string Queue { get; init; }
    public required DateTimeOffset Minute { get; init; }
    public required int Succeeded { get; set; }
    public required int Failed { get; set; }
}

/// <summary>How far a schedule has come.</summary>
public sealed class JobSchedule
{
    public const int NameMaxLength = 64;
    public required string Name { get; init; }

    /// <summary>The last occurrence that was enqueued; at first the moment in which the schedule appeared.</summary>
    public required DateTimeOffset LastAt { get; set; }
}

internal sealed class JobWorkerSeenConfiguration : IEntityTypeConfiguration<JobWorkerSeen>
{
    public void Configure(EntityTypeBuilder<JobWorkerSeen> worker)
    {
        worker.ToTable("workers", "jobs");
        worker.HasKey(w => new { w.WorkerId, w.Queue });
        worker.Property(w => w.Queue).HasMaxLength(Job.QueueMaxLength);
        worker.Property(w => w.Name).HasMaxLength(100);
    }
}

internal sealed class JobMinuteConfiguration : IEntityTypeConfiguration<JobMinute>
{
    public void Configure(EntityTypeBuilder<JobMinute> minute)
    {
        minute.ToTable("minutes", "jobs");
        minute.HasKey(m => new { m.WorkerId, m.Queue, m.Minute });
        minute.Property(m => m.Queue).HasMaxLength(Job.QueueMaxLength);
        minute.HasIndex(m => m.Minute);
    }
}

internal sealed class JobScheduleConfiguration : IEntityTypeConfiguration<JobSchedule>
{
    public void Configure(EntityTypeBuilder<JobSchedule> schedule)
    {
        schedule.ToTable("schedules", "jobs");
        schedule.HasKey(s => s.Name);
        schedule.Property(s => s.Name).HasMaxLength(JobSchedule.NameMaxLength);
    }
}
