using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.Gateway.Identity.Tokens;
using Shabou.OpenApi;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Identity.Machines;

/// <summary>Administrators make, see and revoke the keys of machine clients.</summary>
internal static class ApiKeyEndpoints
{
    private const string Path = "/api/v1/api-keys";

    internal static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup(Path).WithTags("API keys").RequireAuthorization(Policies.Admin);
        keys.MapGet("/", ListAsync).WithName("ListApiKeys").WithSummary("API keys, newest first, without the keys");
        keys.MapGet("/{id:guid}", GetAsync).WithName("GetApiKey").WithSummary("One API key, without the key");
        keys.MapPost("/", AddAsync).WithName("AddApiKey").WithSummary("Make an API key; the answer is the only place that shows it");
        keys.MapDelete("/{id:guid}", RevokeAsync).WithName("RevokeApiKey").WithSummary("Revoke an API key, everywhere within 5 s").WithoutVersion();
    }

    private static async Task<Results<Ok<Page<ApiKeySummary>>, ProblemHttpResult>> ListAsync(
        HttpContext http, ApiKeyStore store, CancellationToken cancellationToken, int? size = null, string? after = null)
    {
        if (!Pages.TryReadSize(size, out var rows, out var refusal))
            return refusal;
        var last = Guid.Empty;
        if (!string.IsNullOrEmpty(after) && !Guid.TryParseExact(after, "N", out last))
            return Problem.Invalid("after", "must be the 'next' of this list, unchanged; leave it out to start again.");
        var keys = await store.ListAsync(string.IsNullOrEmpty(after) ? null : last, rows + 1, cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(Pages.Cut(http, keys, rows, key => key.Id.ToString("N")));
    }

    private static async Task<Results<Ok<ApiKeySummary>, ProblemHttpResult>> GetAsync(Guid id, ApiKeyStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } key ? TypedResults.Ok(key) : Problem.NotFound("API key", id);

    private static async Task<Results<Created<IssuedApiKey>, ProblemHttpResult>> AddAsync(
        NewApiKey wanted, HttpContext http, ClaimsPrincipal user, ApiKeyStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        if (wanted.Objection(time.GetUtcNow()) is { } objection)
            return objection;
        var caller = CallerIdentity.Of(user);
        if (caller.Scopes.Count > 0 && (wanted.Scopes is not { Count: > 0 } || !wanted.Scopes.All(scope => Scopes.Open(caller.Scopes, scope))))
            return Problem.Of(ProblemTypes.Forbidden, $"{caller.Name} may only give away scopes that it has itself: {string.Join(", ", caller.Scopes)}.");
        var issued = await store.AddAsync(wanted, caller.Name ?? "", cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"{Path}/{issued.ApiKey.Id}", issued);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(Guid id, ApiKeyStore store, Revocations revocations, CancellationToken cancellationToken)
    {
        switch (await store.RevokeAsync(id, cancellationToken))
        {
            case ApiKeyStore.Revocation.Unknown:
                return Problem.NotFound("API key", id);
            case ApiKeyStore.Revocation.LastAdministrator:
                return Problem.Of(ProblemTypes.Conflict, "This is the last key that can make others, and no person is an administrator. Make another one first.");
            default:
                revocations.Add(id); // here at once; the other gateways ask within two seconds
                return TypedResults.NoContent();
        }
    }
}
