using System.Net;
using Shabou.Gateway.Resilience;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Shabou.Gateway.Routing;

/// <summary>What a service says about itself stays inside: its server, its framework, and who may read its answers across origins,
/// which only the gateway decides. YARP drops the headers of the connection itself.</summary>
internal sealed class AnswerTransform : ITransformProvider
{
    private static readonly string[] Dropped =
    [
        "Server", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version", "X-SourceFiles", "Via",
        "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods",
        "Access-Control-Expose-Headers", "Access-Control-Max-Age", "Access-Control-Allow-Private-Network", "Timing-Allow-Origin",
    ];

    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context) => context.AddResponseTransform(static transform =>
    {
        if (transform.ProxyResponse is not { } answer)
            return ValueTask.CompletedTask; // then the headers are the gateway's own
        foreach (var header in Dropped)
            transform.HttpContext.Response.Headers.Remove(header);
        if (answer.StatusCode >= HttpStatusCode.InternalServerError)
            OutlierPolicy.Blame(transform.HttpContext);
        return ValueTask.CompletedTask;
    });
}
