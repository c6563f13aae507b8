using System.Globalization;

namespace Shabou.PlacesSimulator.Places;

/// <summary>What is wrong with places: each figure is a percentage of all places, and always meets the same ones.</summary>
/// <param name="Seed">Where chance starts from.</param>
/// <param name="SecondId">Businesses that are found a second time under an id of its own.</param>
/// <param name="Repeated">Places that are found twice.</param>
/// <param name="Vanished">Places that are no longer found, and whose ids are dead.</param>
internal sealed record PlaceFaults(int Seed, int SecondId, int Repeated, int Vanished)
{
    /// <summary>Says whether a place has vanished; a business vanishes under both of its ids.</summary>
    public bool HasVanished(Place place) => Meets("vanished", place, Vanished);

    /// <summary>The places as a search finds them.</summary>
    public IEnumerable<Place> Change(IEnumerable<Place> found)
    {
        foreach (var place in found.Where(place => !HasVanished(place)))
        {
            yield return place;
            if (Meets("repeated", place, Repeated)) yield return place;
            if (Meets("second-id", place, SecondId)) yield return place with { Id = place.SecondId };
        }
    }

    private bool Meets(string fault, Place place, int percent) =>
        percent > 0 && new Dice(string.Create(CultureInfo.InvariantCulture, $"shabou-{fault}/{Seed}/{place.Rank}")).Chance(percent);
}
