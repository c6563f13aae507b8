using Polly;

namespace Shabou.ServiceDefaults.Resilience;

/// <summary>Tells the strategies which method a request has: an attempt that ended in an exception carries no request to ask.</summary>
internal sealed class MethodMark : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<bool> Safe = new("shabou.safe-method");

    public static bool IsSafe(ResilienceContext context) => context.Properties.GetValue(Safe, defaultValue: false);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Safe, request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options);
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
