using System.Collections.Frozen;
using Shabou.PlacesSimulator.Places;

namespace Shabou.PlacesSimulator.Search;

/// <summary>Finds the places that a text query means, best first, at most 60 as Google does.</summary>
internal sealed class PlaceSearch(PlaceBook book, Vocabulary vocabulary)
{
    public const int MostResults = 60;

    /// <summary>All that match; the caller takes the first <see cref="MostResults"/>.</summary>
    public IReadOnlyList<Place> Find(SearchRequest request)
    {
        var meaning = vocabulary.Read(request.TextQuery!);
        var (restriction, bias) = (request.LocationRestriction, request.LocationBias);
        if (!meaning.NamesSomething && meaning.Unknown.Count == 0) return [];
        return
        [
            .. from entry in book.All
               let named = meaning.Unknown.Count(entry.Words.Contains)
               where Matches(meaning, entry, named) && (restriction?.Contains(entry.Place) ?? true)
               orderby named descending, (bias?.Contains(entry.Place) ?? false) descending, entry.Place.Rank
               select entry.Place,
        ];
    }

    private static bool Matches(Meaning meaning, (Place Place, FrozenSet<string> Words) entry, int named)
    {
        var place = entry.Place;
        if (meaning.Governorates.Count > 0 && !meaning.Governorates.Any(governorate => place.Serves.Contains(governorate.Code))) return false;
        if (meaning.Towns.Count > 0 && !meaning.Towns.Contains(place.Town)) return false;
        if (meaning.Trades.Count > 0) return place.Trades.Any(meaning.Trades.Contains);
        // Without a trade, words that mean nothing to us must be part of the name: "restaurant Sfax" finds no garage.
        return named == meaning.Unknown.Count;
    }
}
