using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Identity;
using Shabou.ServiceDefaults.Auth;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Shabou.Gateway.Routing;

/// <summary>Tells the service who calls, and lets nothing through by which a client could say so itself.</summary>
internal sealed class CallerTransform(IOptions<ServiceAuthOptions> service) : ITransformProvider
{
    private static readonly string[] Names = [ServiceHeaders.Key, ApiKeys.Header, "Authorization", "Cookie", "Forwarded", "X-Real-IP"];
    private static readonly string[] Prefixes = ["X-Client-", "X-Forwarded-"];

    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    /// <remarks>YARP's own X-Forwarded-For, -Host and -Proto come after this and say what the gateway itself has seen.</remarks>
    public void Apply(TransformBuilderContext context) => context.AddRequestTransform(transform =>
    {
        var headers = transform.ProxyRequest.Headers;
        foreach (var name in headers.NonValidated.Select(header => header.Key).Where(IsOurs).ToList())
            headers.Remove(name);
        var caller = Caller.From(transform.HttpContext.User);
        headers.TryAddWithoutValidation(ServiceHeaders.Key, service.Value.Key);
        headers.TryAddWithoutValidation(ServiceHeaders.ClientId, caller.Id);
        headers.TryAddWithoutValidation(ServiceHeaders.ClientName, Uri.EscapeDataString(caller.Name));
        headers.TryAddWithoutValidation(ServiceHeaders.ClientRole, caller.Role);
        return ValueTask.CompletedTask;
    });

    private static bool IsOurs(string header) =>
        Names.Contains(header, StringComparer.OrdinalIgnoreCase)
        || Array.Exists(Prefixes, prefix => header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
