using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>Believes the client headers of a request only when it carries the shared key.</summary>
internal sealed class ServiceAuthHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IOptions<ServiceAuthOptions> service)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        if (Request.Headers[ServiceHeaders.Key] is not [{ Length: > 0 } key])
        {
            return AuthenticateResult.NoResult();
        }

        if (!SameSecret(key, service.Value.Key))
        {
            return AuthenticateResult.Fail($"{ServiceHeaders.Key} is not the key of this system.");
        }

        if (Request.Headers[ServiceHeaders.ClientId] is not [{ Length: > 0 } id]
            || Request.Headers[ServiceHeaders.ClientRole] is not [ClientRoles.Admin or ClientRoles.User] role)
        {
            return AuthenticateResult.Fail($"{ServiceHeaders.ClientId} or {ServiceHeaders.ClientRole} is missing or not known.");
        }

        var name = Request.Headers[ServiceHeaders.ClientName] is [{ Length: > 0 } sent] ? Uri.UnescapeDataString(sent) : id;
        var identity = new ClaimsIdentity(
            [new(ClientClaims.Subject, id), new(ClientClaims.Name, name), new(ClientClaims.Role, role.ToString())],
            Scheme.Name, ClientClaims.Name, ClientClaims.Role);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    // Hashed first, so that neither content nor length shows in the time taken.
    private static bool SameSecret(string sent, string expected) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(sent)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
