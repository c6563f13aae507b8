using System.Diagnostics;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.CatalogApi.Audit;

/// <summary>Who is changing rows now, as the audit records it.</summary>
internal sealed class AuditActor(IHttpContextAccessor current)
{
    public string Name => current.HttpContext?.User.FindFirstValue(ClientClaims.Subject) is { } subject ? subject[..Math.Min(subject.Length, IAudited.ActorMaxLength)] : "system";

    public static string? Trace => Activity.Current?.TraceId.ToString();
}

/// <summary>Writes the actor onto every audited row that is saved; the database's triggers copy it into the audit.</summary>
internal sealed class AuditStamping(AuditActor actor) : SaveChangesInterceptor
{
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        foreach (var entry in eventData.Context!.ChangeTracker.Entries<IAudited>().Where(e => e.State is EntityState.Added or EntityState.Modified))
        {
            entry.Entity.ChangedBy = actor.Name;
            entry.Entity.ChangedTrace = AuditActor.Trace;
        }
        return base.SavingChangesAsync(eventData, result, cancellationToken);
    }
}

internal static class AuditRegistration
{
    public static void AddAudit(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditActor>();
        builder.Services.AddSingleton<AuditStamping>();
        builder.Services.ConfigureDbContext<ShabouContext>((services, options) => options.AddInterceptors(services.GetRequiredService<AuditStamping>()));
    }
}
