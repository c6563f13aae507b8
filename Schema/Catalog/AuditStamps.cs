using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Catalog;

internal static class AuditStamps
{
    public static void HasAuditStamps<T>(this EntityTypeBuilder<T> entity) where T : class, IAudited
    {
        entity.Property(e => e.ChangedBy).HasMaxLength(IAudited.ActorMaxLength).HasDefaultValue("system");
        entity.Property(e => e.ChangedTrace).HasMaxLength(IAudited.TraceMaxLength);
    }
}
