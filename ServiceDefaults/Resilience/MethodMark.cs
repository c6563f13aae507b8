using Polly;

namespace Shabou.ServiceDefaults.Resilience;

/// <summary>Tells the strategies which method and host a request has: an attempt that ended in an exception carries no request to ask.</summary>
internal sealed class MethodMark(CircuitStates circuits) : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<bool> Safe = new("shabou.safe-method");
    private static readonly ResiliencePropertyKey<string?> Host = new("shabou.host");

    public static bool IsSafe(ResilienceContext context) => context.Properties.GetValue(Safe, defaultValue: false);

    public static string? HostOf(ResilienceContext context) => context.Properties.GetValue(Host, defaultValue: null);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Safe, request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options);
        if (request.RequestUri is { } address)
        {
            context.Properties.Set(Host, address.Host); // the service's name: discovery comes later
            circuits.Seen(address.Host);
        }

        request.SetResilienceContext(context);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.SetResilienceContext(null);
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
