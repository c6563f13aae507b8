using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Ops;

/// <summary>That a process could write to the database, and when: the row it wrote.</summary>
public sealed class Heartbeat
{
    public const int InstanceMaxLength = 100;

    public required string Instance { get; init; }

    public required DateTimeOffset At { get; set; }
}

internal sealed class HeartbeatConfiguration : IEntityTypeConfiguration<Heartbeat>
{
    public void Configure(EntityTypeBuilder<Heartbeat> heartbeat)
    {
        heartbeat.ToTable("heartbeats", "ops");
        heartbeat.HasKey(h => h.Instance);
        heartbeat.Property(h => h.Instance).HasMaxLength(Heartbeat.InstanceMaxLength);
    }
}
