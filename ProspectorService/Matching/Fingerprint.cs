using System.Security.Cryptography;
using System.Text;
using Shabou.ProspectorService.Places;

namespace Shabou.ProspectorService.Matching;

/// <summary>What is remembered of phones, e-mail addresses, domains and place ids where they themselves may not be kept.</summary>
internal static class Fingerprint
{
    /// <summary>SHA-256 of a normalised value in UTF-8, not salted: it must be found again. Eight digits can be tried out, so whoever has
    /// the table can test numbers; it keeps values from being read, not from being recognised.</summary>
    public static byte[] Of(string normalised) => SHA256.HashData(Encoding.UTF8.GetBytes(normalised));

    public static byte[]? OfPhone(string? text) => PhoneNumber.Normalise(text) is { } phone ? Of(phone) : null;

    public static byte[]? OfSite(string? uri) => SiteDomain.OfSite(uri) is { } domain ? Of(domain) : null;
}

/// <summary>What a place is recognised by.</summary>
/// <param name="Name">Normalised.</param>
internal sealed record PlacePrint(string PlaceId, byte[] PlaceHash, byte[]? PhoneHash, byte[]? DomainHash, string Name, double? Latitude, double? Longitude)
{
    public static PlacePrint Of(FoundPlace place) => new(
        place.PlaceId, Fingerprint.Of(place.PlaceId), Fingerprint.OfPhone(place.InternationalPhone) ?? Fingerprint.OfPhone(place.NationalPhone),
        Fingerprint.OfSite(place.Website), BusinessName.Normalise(place.Name), place.Latitude, place.Longitude);
}
