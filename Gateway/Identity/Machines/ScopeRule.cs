using Microsoft.AspNetCore.Authorization;
using Shabou.Gateway.Problems;
using Shabou.ServiceDefaults.Problems;
using Yarp.ReverseProxy.Model;

namespace Shabou.Gateway.Identity.Machines;

/// <summary>A key with scopes opens nothing else. Comes after authorization, since a role is asked for first.</summary>
internal sealed class ScopeRule(RequestDelegate next, IProblemDetailsService problems)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.User.Identity is not CallerIdentity { Scopes: { Count: > 0 } held } caller
            || http.GetEndpoint()?.Metadata is not { } endpoint
            || endpoint.GetMetadata<IAllowAnonymous>() is not null || endpoint.GetMetadata<AnyScope>() is not null)
            return next(http);
        var needed = Scopes.NeededBy(endpoint.GetMetadata<RouteModel>()?.Config.ClusterId ?? Scopes.Gateway, http.Request.Method);
        return Scopes.Open(held, needed)
            ? next(http)
            : problems.RefuseAsync(http, ProblemTypes.Forbidden,
                $"This needs the scope {needed}; {caller.Name} has {string.Join(", ", held)}. Ask an administrator for a key that has it.").AsTask();
    }
}

/// <summary>On endpoints that are open to a caller whatever its scopes.</summary>
internal sealed class AnyScope;
