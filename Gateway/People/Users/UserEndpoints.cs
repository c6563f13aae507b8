using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.Gateway.Identity;
using Shabou.OpenApi;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.People.Users;

/// <summary>Who signs in here and what they may do; for administrators.</summary>
internal static class UserEndpoints
{
    internal static RouteGroupBuilder MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/v1/users").WithTags("Users").RequireAuthorization(Policies.Admin);
        users.MapGet("/", ListAsync).WithName("ListUsers").WithSummary("Who has signed in, and what they may do");
        users.MapGet("/{id:guid}", GetAsync).WithName("GetUser").WithSummary("One person");
        users.MapPatch("/{id:guid}", ChangeAsync).WithName("ChangeUserRole").WithSummary("Change a person's role; signs them out");
        users.MapDelete("/{id:guid}/sessions", SignOutAsync).WithName("SignUserOut").WithSummary("Sign a person out everywhere").WithoutVersion();
        return users;
    }

    private static async Task<Results<Ok<Page<UserAnswer>>, ProblemHttpResult>> ListAsync(
        string? after, int? size, HttpContext http, UserDirectory users, CancellationToken cancellationToken)
    {
        if (!Pages.TryReadSize(size, out var count, out var refusal))
            return refusal;
        Guid? position = null;
        if (!string.IsNullOrEmpty(after))
        {
            if (!Guid.TryParseExact(after, "N", out var id))
                return Problem.Invalid("after", "must be the 'next' of this list, unchanged; leave it out to start again.");
            position = id;
        }
        var rows = await users.ListAsync(position, count + 1, cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, [.. rows.Select(row => row.User)], count, user => user.Id.ToString("N")));
    }

    private static async Task<Results<Ok<UserAnswer>, StatusCodeHttpResult, ProblemHttpResult>> GetAsync(Guid id, HttpContext http, UserDirectory users, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(id, cancellationToken) is not { } found)
            return Problem.NotFound("user", id);
        ETags.Write(http.Response, found.Version);
        return ETags.AlreadyHas(http.Request, found.Version) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(found.User);
    }

    /// <summary>Changes what a person may do. They are signed out everywhere and get the new role when they sign in again.</summary>
    private static async Task<Results<Ok<UserAnswer>, ProblemHttpResult>> ChangeAsync(
        Guid id, RoleRequest request, HttpContext http, ClaimsPrincipal caller, UserDirectory users, CancellationToken cancellationToken)
    {
        if (UserRoles.Read(request.Role) is not { } role)
            return Problem.Invalid("role", $"must be {ClientRoles.Admin}, {ClientRoles.User} or {UserRoles.NoAccess}.");
        if (CallerIdentity.Of(caller).Scopes.Count > 0)
            return Problem.Of(ProblemTypes.Forbidden, "A key with scopes may not change roles, since a role opens more than the key does. Use one without scopes, or sign in as an administrator.");
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal))
            return refusal;
        var (outcome, user) = await users.ChangeRoleAsync(id, role, expected, caller.FindFirstValue(ClientClaims.Subject), cancellationToken);
        if (user is null)
            return outcome switch
            {
                RoleChange.Unknown => Problem.NotFound("user", id),
                RoleChange.Stale => ExpectedVersion.Stale("user", id),
                _ => Problem.Of(ProblemTypes.Conflict, $"The user {id} is the last administrator, and no API key has the role ADMIN. Make another administrator first."),
            };
        ETags.Write(http.Response, user.Version);
        return TypedResults.Ok(user.User);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SignOutAsync(Guid id, ClaimsPrincipal caller, UserDirectory users, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(id, cancellationToken) is null)
            return Problem.NotFound("user", id);
        await users.EndSessionsAsync(id, caller.FindFirstValue(ClientClaims.Subject), cancellationToken);
        return TypedResults.NoContent();
    }
}
