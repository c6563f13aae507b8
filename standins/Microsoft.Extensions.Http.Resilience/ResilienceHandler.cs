using System.Threading.RateLimiting;
using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Sends each request through the pipeline that its URI selects.</summary>
internal sealed class ResilienceHandler(Func<HttpRequestMessage, ResiliencePipeline<HttpResponseMessage>> select) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var given = request.GetResilienceContext();
        var context = given ?? ResilienceContextPool.Shared.Get(cancellationToken);
        request.SetResilienceContext(context);
        try
        {
            var outcome = await select(request).ExecuteOutcomeAsync(AttemptAsync, context, (Handler: this, request)).ConfigureAwait(false);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            request.SetResilienceContext(given);
            if (given is null)
            {
                ResilienceContextPool.Shared.Return(context);
            }
        }
    }

    private static async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync(ResilienceContext context, (ResilienceHandler Handler, HttpRequestMessage Request) call)
    {
        try
        {
            return Outcome.FromResult(await call.Handler.SendCoreAsync(call.Request, context.CancellationToken).ConfigureAwait(false));
        }
        catch (Exception error)
        {
            return Outcome.FromException<HttpResponseMessage>(error);
        }
    }

    private Task<HttpResponseMessage> SendCoreAsync(HttpRequestMessage request, CancellationToken cancellationToken) => base.SendAsync(request, cancellationToken);
}

/// <summary>The outermost strategy: refuses what exceeds the permits. The genuine one is in Polly.RateLimiting.</summary>
internal sealed class ConcurrencyStrategy(RateLimiter limiter) : ResilienceStrategy
{
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        using var lease = await limiter.AcquireAsync(1, context.CancellationToken).ConfigureAwait(false);
        return lease.IsAcquired
            ? await callback(context, state).ConfigureAwait(false)
            : Outcome.FromException<TResult>(new TooManyRequestsUnderWayException());
    }
}

internal sealed class TooManyRequestsUnderWayException() : ExecutionRejectedException("The operation could not be executed because it was rejected by the rate limiter.");
