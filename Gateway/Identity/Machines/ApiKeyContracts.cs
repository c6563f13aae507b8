using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.Schema.Identity;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Identity.Machines;

/// <summary>What may be known of a key. The key itself is nowhere.</summary>
/// <param name="Prefix">Its first six characters after <c>shb_</c>.</param>
/// <param name="Role">ADMIN or USER.</param>
/// <param name="Scopes">Which parts of the API it opens; empty: all that the role may.</param>
/// <param name="LastUsedAt">To the minute or so; null: never.</param>
/// <param name="CreatedBy">Null: the installation.</param>
internal sealed record ApiKeySummary(
    Guid Id, string Name, string Prefix, string Role, IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, string? CreatedBy);

/// <summary>A new key: the only answer that has it.</summary>
internal sealed record IssuedApiKey(ApiKeySummary ApiKey, string Key);

/// <param name="Name">Whose key it is, 1 to 100 characters.</param>
/// <param name="Role">ADMIN or USER.</param>
/// <param name="Scopes">None: all that the role may.</param>
/// <param name="ExpiresAt">Default in one year, at most in two.</param>
internal sealed record NewApiKey(string? Name, string? Role, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt)
{
    internal const int DefaultYears = 1;
    internal const int MostYears = 2;

    internal ApiKeyRole StoredRole => Role == ClientRoles.Admin ? ApiKeyRole.Admin : ApiKeyRole.User;

    /// <summary>A 400 that names every wrong member, or null.</summary>
    internal ProblemHttpResult? Objection(DateTimeOffset now)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > ApiKey.NameMaxLength || Name.Any(char.IsControl))
            errors["name"] = [$"must have 1 to {ApiKey.NameMaxLength} characters, none of them a control character."];
        if (Role is not (ClientRoles.Admin or ClientRoles.User))
            errors["role"] = [$"must be {ClientRoles.Admin} or {ClientRoles.User}."];
        if (Scopes is { } scopes && (scopes.Any(scope => scope is null || !Machines.Scopes.All.Contains(scope)) || scopes.Distinct().Count() != scopes.Count))
            errors["scopes"] = [$"must be different ones of {string.Join(", ", Machines.Scopes.All.Order(StringComparer.Ordinal))}."];
        if (ExpiresAt is { } expiry && (expiry <= now || expiry > now.AddYears(MostYears)))
            errors["expiresAt"] = [$"must be in the future, in {MostYears} years at most."];
        return errors.Count == 0 ? null : Problem.Invalid(errors);
    }
}
