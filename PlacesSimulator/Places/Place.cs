using System.Text.Json.Nodes;

namespace Shabou.PlacesSimulator.Places;

/// <summary>One invented business. Everything but the language of its answer is fixed.</summary>
internal sealed record Place
{
    public required string Id { get; init; }

    /// <summary>Another id that stands for the same business, as Google's sometimes do.</summary>
    public required string SecondId { get; init; }

    public required BilingualName Name { get; init; }
    public required string StreetNumber { get; init; }
    public required BilingualName Street { get; init; }
    public required Town Town { get; init; }
    public required Governorate Governorate { get; init; }

    /// <summary>Codes of the governorates it serves: its own, sometimes a neighbour.</summary>
    public required string[] Serves { get; init; }

    /// <summary>Its trades, the first one first.</summary>
    public required Trade[] Trades { get; init; }

    public required double Latitude { get; init; }
    public required double Longitude { get; init; }
    public required string BusinessStatus { get; init; }

    /// <summary>National form, for example 71 234 567; null when it has none.</summary>
    public string? Phone { get; init; }

    public string? Website { get; init; }
    public double? Rating { get; init; }
    public int RatingCount { get; init; }

    /// <summary>Orders equally good answers, the same in every process.</summary>
    public required ulong Rank { get; init; }

    /// <summary>The place as Google writes it, in Arabic for "ar", else in French.</summary>
    /// <param name="language">"ar" or "fr".</param>
    /// <param name="inTunisia">The caller's region is TN: Google then leaves the country out of the address.</param>
    public JsonObject ToJson(string language, bool inTunisia)
    {
        var (comma, country) = language == "ar" ? ("،", "تونس") : (",", "Tunisie");
        var address = $"{StreetNumber} {Street.In(language)}{comma} {Town.Name.In(language)} {Town.Postcode}";
        var json = new JsonObject
        {
            ["name"] = $"places/{Id}",
            ["id"] = Id,
            ["types"] = new JsonArray([.. Trades[0].Types.Select(type => (JsonNode)type)]),
            ["primaryType"] = Trades[0].Types[0],
            ["formattedAddress"] = inTunisia ? address : $"{address}{comma} {country}",
            ["location"] = new JsonObject { ["latitude"] = Latitude, ["longitude"] = Longitude },
            ["businessStatus"] = BusinessStatus,
            ["displayName"] = new JsonObject { ["text"] = Name.In(language), ["languageCode"] = language },
        };
        if (Phone is not null)
        {
            json["nationalPhoneNumber"] = Phone;
            json["internationalPhoneNumber"] = $"+216 {Phone}";
        }
        if (Website is not null) json["websiteUri"] = Website;
        if (Rating is not null)
        {
            json["rating"] = Rating;
            json["userRatingCount"] = RatingCount;
        }
        return json;
    }
}
