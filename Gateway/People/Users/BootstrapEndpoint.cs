using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.Gateway.Identity;
using Shabou.Gateway.RateLimiting;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.People.Users;

/// <summary>How the first person becomes administrator: nobody is one by name.</summary>
internal static class BootstrapEndpoint
{
    private const int LongestToken = 200;

    internal static void MapBootstrap(this RouteGroupBuilder auth) =>
        auth.MapPost("/bootstrap", BootstrapAsync).WithName("BecomeFirstAdministrator").WithSummary("Become the first administrator with the bootstrap token").RequireAuthorization();

    private static async Task<Results<Ok<BootstrapAnswer>, EmptyHttpResult, ProblemHttpResult>> BootstrapAsync(
        BootstrapRequest request, HttpContext http, ClaimsPrincipal caller, UserDirectory users, AccountLimits limits, CancellationToken cancellationToken)
    {
        if (CallerIdentity.Of(caller) is not { IsPerson: true, Id: var id })
            return Problem.Of(ProblemTypes.Forbidden, "The bootstrap token makes a person administrator, and an API key is none: sign in, then send it with your access token.");
        if (!await limits.AllowsAsync(http, id.ToString()))
            return TypedResults.Empty; // 429 has been answered
        if (request.Token is not { Length: > 0 and <= LongestToken } token || !await users.BootstrapAsync(id, token, cancellationToken))
            return Problem.Of(ProblemTypes.Forbidden, "The bootstrap token is not the installation's, or was used before. Ask an administrator for the role instead.");
        return TypedResults.Ok(new BootstrapAnswer(ClientRoles.Admin, $"Refresh your tokens (POST {PeopleSetup.AuthPath}/refresh): the next access token says it."));
    }
}
