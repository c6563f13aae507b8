using Microsoft.AspNetCore.Http;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>Asking another service for the caller of the current request.</summary>
public static class Callers
{
    /// <summary>Sends the token that the caller sent: it must name the other service among its audiences too. Never to hosts outside.</summary>
    /// <param name="request">The request for the other service; it keeps the token when it is repeated.</param>
    /// <param name="caller">The request being answered.</param>
    public static HttpRequestMessage OnBehalfOf(this HttpRequestMessage request, HttpContext caller)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(caller);
        request.Headers.Remove("Authorization");
        if (caller.Request.Headers.Authorization is [{ Length: > 0 } token]) request.Headers.TryAddWithoutValidation("Authorization", token);
        return request;
    }
}
