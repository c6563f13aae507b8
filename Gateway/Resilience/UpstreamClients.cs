using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Shabou.Gateway.Resilience;

/// <summary>Makes the clients that YARP asks the services with: YARP's own, with breaker and retries around them. Below the forwarder
/// a try ends before anything of an answer is passed on, so a retry can never follow half an answer.</summary>
internal sealed class UpstreamClients(UpstreamRetries retries, Circuits circuits, IOptions<ResilienceOptions> options, ILogger<ForwarderHttpClientFactory> logger)
    : ForwarderHttpClientFactory(logger)
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectTimeout = options.Value.ConnectTimeout;
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler)
    {
        circuits.Of(context.ClusterId); // so that the metric has it before the first request
        return new Client(retries, context.ClusterId) { InnerHandler = base.WrapHandler(context, handler) };
    }

    private sealed class Client(UpstreamRetries retries, string cluster) : DelegatingHandler
    {
        // What comes from no request of a client is a probe: it must see the service as it is.
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.Options.TryGetValue(UpstreamMark.Key, out var http)
                ? retries.SendAsync(cluster, http, request, base.SendAsync, cancellationToken)
                : base.SendAsync(request, cancellationToken);
    }
}

/// <summary>Lets the client's request be found from the one that is sent for it.</summary>
internal sealed class UpstreamMark : ITransformProvider
{
    internal static readonly HttpRequestOptionsKey<HttpContext> Key = new("shabou.http");

    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context) => context.AddRequestTransform(static transform =>
    {
        transform.ProxyRequest.Options.Set(Key, transform.HttpContext);
        return ValueTask.CompletedTask;
    });
}
