using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.Gateway.Identity.Keys;

/// <summary>A key of the ring as administrators see it.</summary>
/// <param name="Signs">Whether it is the one that signs now.</param>
/// <param name="ValidUntil">Its tokens are believed until then; null: until another key takes over.</param>
internal sealed record SigningKeySummary(string Kid, DateTimeOffset CreatedAt, DateTimeOffset SignsFrom, DateTimeOffset? ValidUntil, bool Signs);

/// <param name="RevokeOthers">The private key got out: what the others signed is no longer believed. Whoever is signed in gets a new
/// token by refreshing; for up to 5 s other gateways may still sign by an old key.</param>
internal sealed record KeyRotation(bool RevokeOthers = false);

internal static class SigningKeyEndpoints
{
    internal static void MapSigningKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/v1/signing-keys").WithTags("Signing keys").RequireAuthorization(Policies.Admin);
        keys.MapGet("/", List).WithName("ListSigningKeys").WithSummary("The keys that sign tokens, public parts");
        keys.MapPost("/rotation", RotateAsync).WithName("RotateSigningKeys").WithSummary("Sign tokens with a new key from now on");
    }

    private static Ok<List<SigningKeySummary>> List(SigningKeys keys, TimeProvider time) => TypedResults.Ok(Summaries(keys, time.GetUtcNow()));

    private static async Task<Ok<List<SigningKeySummary>>> RotateAsync(
        KeyRingStore store, SigningKeys keys, TimeProvider time, CancellationToken cancellationToken, KeyRotation? rotation = null)
    {
        await store.RotateAsync(rotation?.RevokeOthers ?? false, cancellationToken);
        await keys.RefreshAsync(cancellationToken);
        return TypedResults.Ok(Summaries(keys, time.GetUtcNow()));
    }

    private static List<SigningKeySummary> Summaries(SigningKeys keys, DateTimeOffset now)
    {
        var signing = keys.Current?.Signing(now)?.Kid;
        return [.. (keys.Current?.Keys ?? []).OrderByDescending(key => key.SignsFrom).Select(key =>
            new SigningKeySummary(key.Kid, key.CreatedAt, key.SignsFrom, key.ValidUntil == DateTimeOffset.MaxValue ? null : key.ValidUntil, key.Kid == signing))];
    }
}
