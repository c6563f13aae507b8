using System.Linq.Expressions;
using Shabou.ProspectorService.Matching;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Suppressions;

/// <summary>Somebody who must not be prospected.</summary>
/// <param name="Kind">phone, email, domain or placeId.</param>
/// <param name="Value">The number in any notation, the address, the domain or site, or Google's id; 500 characters at most. It is hashed and not stored.</param>
/// <param name="Reason">3 to 200 characters; without names and numbers, for it is kept.</param>
internal sealed record SuppressionWrite(SuppressionKind? Kind, string? Value, string? Reason)
{
    public const int ReasonMinLength = 3;
    private const int ValueMaxLength = 500;

    /// <summary>What is wrong, by field; empty when nothing is.</summary>
    public Dictionary<string, string[]> Errors()
    {
        var errors = new Dictionary<string, string[]>();
        if (Kind is null) errors["kind"] = ["must be phone, email, domain or placeId."];
        if (string.IsNullOrWhiteSpace(Value) || Value.Length > ValueMaxLength) errors["value"] = [$"must have 1 to {ValueMaxLength} characters."];
        else if (Kind is not null && Normalised() is null) errors["value"] = [$"is no {Kind switch { SuppressionKind.Phone => "phone number", SuppressionKind.Email => "e-mail address", SuppressionKind.Domain => "domain", _ => "id of a place" }} that could be recognised."];
        if (!IsReason(Reason)) errors["reason"] = [$"must have {ReasonMinLength} to {Suppression.ReasonMaxLength} characters."];
        return errors;
    }

    /// <summary>The one form that is hashed; null when it is none of the kind.</summary>
    public string? Normalised() => Kind switch
    {
        SuppressionKind.Phone => PhoneNumber.Normalise(Value),
        SuppressionKind.Email => EmailAddress.Normalise(Value),
        SuppressionKind.Domain => SiteDomain.OfSite(Value) ?? SiteDomain.Bare(Value),
        SuppressionKind.PlaceId when Value!.Trim() is { Length: <= Lead.PlaceIdMaxLength } id && id.All(c => c is > ' ' and <= '~') => id,
        _ => null,
    };

    public static bool IsReason(string? text) => text?.Trim().Length is >= ReasonMinLength and <= Suppression.ReasonMaxLength;
}

/// <summary>An entry of the list.</summary>
/// <param name="Hash">SHA-256 of the normalised value, in hexadecimal digits: phones in E.164, addresses and domains in lower case.</param>
/// <param name="CreatedBy">Id of the caller who put it there.</param>
internal sealed record SuppressionView(Guid Id, SuppressionKind Kind, string Hash, string Reason, DateTimeOffset CreatedAt, string CreatedBy)
{
    public static readonly Expression<Func<Suppression, SuppressionView>> FromSuppression = s =>
        new SuppressionView(s.Id, s.Kind, Convert.ToHexStringLower(s.Hash), s.Reason, s.CreatedAt, s.CreatedBy);

    public static readonly Func<Suppression, SuppressionView> Of = FromSuppression.Compile();
}
