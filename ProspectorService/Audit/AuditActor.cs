using System.Diagnostics;
using System.Security.Claims;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.ProspectorService.Audit;

/// <summary>Who is changing rows now, as histories and the audit record it.</summary>
internal sealed class AuditActor(IHttpContextAccessor current)
{
    /// <summary>Id of the caller; <c>system</c> for what no request asked for.</summary>
    public string Name => current.HttpContext?.User.FindFirstValue(ClientClaims.Subject) is { } subject ? subject[..Math.Min(subject.Length, Lead.ActorMaxLength)] : "system";

    public static string? Trace => Activity.Current?.TraceId.ToString();
}
