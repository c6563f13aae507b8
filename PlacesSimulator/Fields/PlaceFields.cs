using System.Collections.Frozen;

namespace Shabou.PlacesSimulator.Fields;

/// <summary>The names that a field mask may use: all of Google's, though the simulator fills only some.</summary>
internal static class PlaceFields
{
    private static readonly FrozenSet<string> Fields =
    ("attributions id name photos addressComponents adrFormatAddress formattedAddress location plusCode postalAddress shortFormattedAddress "
        + "types viewport accessibilityOptions addressDescriptor businessStatus containingPlaces displayName googleMapsLinks googleMapsUri "
        + "iconBackgroundColor iconMaskBaseUri primaryType primaryTypeDisplayName pureServiceAreaBusiness subDestinations timeZone utcOffsetMinutes "
        + "currentOpeningHours currentSecondaryOpeningHours internationalPhoneNumber nationalPhoneNumber priceLevel priceRange rating "
        + "regularOpeningHours regularSecondaryOpeningHours userRatingCount websiteUri parkingOptions paymentOptions reviews editorialSummary "
        + "generativeSummary reviewSummary evChargeOptions fuelOptions delivery takeout restroom goodForChildren allowsDogs "
        + "displayName.text displayName.languageCode location.latitude location.longitude").Split(' ').ToFrozenSet();

    /// <summary>Says whether a path names a field of a place, or of a search's answer when there is a prefix.</summary>
    public static bool Knows(string path, string prefix)
    {
        if (path == "*") return true;
        if (prefix.Length > 0 && path is "nextPageToken" or "places" or "places.*") return prefix.Length > 0;
        return path.StartsWith(prefix, StringComparison.Ordinal) && Fields.Contains(path[prefix.Length..]);
    }
}
