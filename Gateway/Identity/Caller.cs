using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.Gateway.Identity.Machines;

namespace Shabou.Gateway.Identity;

/// <summary>The one who calls, as the gateway knows it.</summary>
/// <param name="Id">Stable id of the person or key.</param>
/// <param name="Name">Who it is, or whose key.</param>
/// <param name="Role">ADMIN, USER or NO_ACCESS.</param>
/// <param name="Kind">person or key.</param>
internal sealed record Caller(string Id, string Name, string Role, string Kind)
{
    internal static Caller From(ClaimsPrincipal user)
    {
        var caller = CallerIdentity.Of(user);
        return new Caller(caller.Id.ToString(), caller.Name!, caller.Role, caller.IsPerson ? "person" : "key");
    }
}

internal static class CallerEndpoints
{
    /// <summary>Open to every role, so that who has no access can tell an administrator who they are.</summary>
    internal static void MapCaller(this IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/me", Get)
        .WithName("GetCaller").WithTags("Identity").WithSummary("Who is calling, as the gateway knows it").RequireAuthorization().WithMetadata(new AnyScope());

    private static Ok<Caller> Get(ClaimsPrincipal user) => TypedResults.Ok(Caller.From(user));
}
