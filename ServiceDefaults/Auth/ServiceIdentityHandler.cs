using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>Adds the shared key and the current caller to a request for another service. Outside a request the service calls for itself, as USER.</summary>
internal sealed class ServiceIdentityHandler(IHttpContextAccessor current, IOptions<ServiceAuthOptions> service, Microsoft.Extensions.Hosting.IHostEnvironment environment) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var caller = current.HttpContext?.User;
        var self = environment.ApplicationName;
        Set(request, ServiceHeaders.Key, service.Value.Key);
        Set(request, ServiceHeaders.ClientId, caller?.FindFirstValue(ClientClaims.Subject) ?? self);
        Set(request, ServiceHeaders.ClientName, Uri.EscapeDataString(caller?.FindFirstValue(ClientClaims.Name) ?? self));
        Set(request, ServiceHeaders.ClientRole, caller?.FindFirstValue(ClientClaims.Role) ?? ClientRoles.User);
        return base.SendAsync(request, cancellationToken);
    }

    // Set, not added: a retried request passes here again.
    private static void Set(HttpRequestMessage request, string header, string value)
    {
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, value);
    }
}
