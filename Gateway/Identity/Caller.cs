using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.Gateway.Identity.Machines;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.Gateway.Identity;

/// <summary>The one who calls, as the gateway knows it.</summary>
/// <param name="Id">Stable id of the key.</param>
/// <param name="Name">Whose key it is.</param>
/// <param name="Role">ADMIN or USER.</param>
internal sealed record Caller(string Id, string Name, string Role)
{
    internal static Caller From(ClaimsPrincipal user) => new(
        user.FindFirstValue(ClientClaims.Subject)!, user.FindFirstValue(ClientClaims.Name)!, user.FindFirstValue(ClientClaims.Role)!);
}

internal static class CallerEndpoints
{
    internal static void MapCaller(this IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/me", Get)
        .WithName("GetCaller").WithTags("Identity").WithSummary("Who is calling, as the gateway knows it").RequireAuthorization(Policies.User).WithMetadata(new AnyScope());

    private static Ok<Caller> Get(ClaimsPrincipal user) => TypedResults.Ok(Caller.From(user));
}
