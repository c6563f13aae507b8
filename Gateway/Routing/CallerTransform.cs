using Shabou.Gateway.Identity;
using Shabou.Gateway.Identity.Tokens;
using Shabou.Gateway.Problems;
using Shabou.ServiceDefaults.Problems;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Shabou.Gateway.Routing;

/// <summary>Tells the service who calls, by a token made for it, and lets nothing through by which a client could say so itself.</summary>
internal sealed class CallerTransform(ServiceTokens tokens, IProblemDetailsService problems) : ITransformProvider
{
    private const string Authorization = "Authorization";
    private static readonly string[] Names = ["X-Service-Key", ApiKeys.Header, Authorization, "Cookie", "Forwarded", "X-Real-IP"];
    private static readonly string[] Prefixes = ["X-Client-", "X-Forwarded-"];

    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    /// <remarks>YARP's own X-Forwarded-For, -Host and -Proto come after this and say what the gateway itself has seen.</remarks>
    public void Apply(TransformBuilderContext context)
    {
        var service = context.Cluster?.ClusterId ?? ""; // YARP itself refuses a route without one
        context.AddRequestTransform(transform =>
        {
            var headers = transform.ProxyRequest.Headers;
            foreach (var name in headers.NonValidated.Select(header => header.Key).Where(IsOurs).ToList())
                headers.Remove(name);
            try
            {
                headers.TryAddWithoutValidation(Authorization, tokens.HeaderFor(transform.HttpContext.User, service));
                return ValueTask.CompletedTask;
            }
            catch (KeysUnavailableException unavailable)
            {
                // An answer that has begun keeps YARP from asking the service.
                return problems.RefuseAsync(transform.HttpContext, ProblemTypes.DatabaseUnavailable, unavailable.Message, retryAfter: 5);
            }
        });
    }

    private static bool IsOurs(string header) =>
        Names.Contains(header, StringComparer.OrdinalIgnoreCase)
        || Array.Exists(Prefixes, prefix => header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
