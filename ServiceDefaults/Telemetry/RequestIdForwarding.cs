using Microsoft.AspNetCore.Http;

namespace Shabou.ServiceDefaults.Telemetry;

/// <summary>Sends the id of the current request along with every request made for it.</summary>
internal sealed class RequestIdForwarding(IHttpContextAccessor current) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (current.HttpContext is { } http && !request.Headers.Contains(RequestIds.Header))
        {
            request.Headers.TryAddWithoutValidation(RequestIds.Header, http.TraceIdentifier);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
