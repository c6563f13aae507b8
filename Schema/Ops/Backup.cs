using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Ops;

/// <summary>A backup that was made. It counts once it has been restored and checked.</summary>
public sealed class Backup
{
    public const int KindMaxLength = 32;

    /// <summary>The kind of a copy for any server.</summary>
    public const string Dump = "dump";

    /// <summary>The kind that a restore to any moment begins with.</summary>
    public const string Base = "base";

    /// <summary>Every kind that there should be, in the order they are made: the portable copy first, as it needs the least.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Dump, Base];

    public required Guid Id { get; init; }

    /// <summary>How it was made: one of <see cref="Kinds"/>.</summary>
    public required string Kind { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>When it was restored and found whole; null: not yet.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }
}

internal sealed class BackupConfiguration : IEntityTypeConfiguration<Backup>
{
    public void Configure(EntityTypeBuilder<Backup> backup)
    {
        backup.ToTable("backups", "ops");
        backup.Property(b => b.Id).ValueGeneratedNever();
        backup.Property(b => b.Kind).HasMaxLength(Backup.KindMaxLength);
        backup.HasIndex(b => b.FinishedAt);
    }
}
