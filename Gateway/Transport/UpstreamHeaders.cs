using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Shabou.Gateway.Transport;

/// <summary>What a service must not tell the client: what it runs on, and which origins may read its answer, which the gateway alone decides.</summary>
internal sealed class UpstreamHeaders : ITransformProvider
{
    private static readonly string[] Names =
    [
        "Server", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version", "Via",
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
        var headers = transform.HttpContext.Response.Headers;
        foreach (var name in Names)
            headers.Remove(name);
        return ValueTask.CompletedTask;
    });
}
