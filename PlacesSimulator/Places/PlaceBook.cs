using System.Collections.Frozen;
using Shabou.PlacesSimulator.Search;

namespace Shabou.PlacesSimulator.Places;

/// <summary>Every place the simulator knows, made once at start.</summary>
internal sealed class PlaceBook
{
    private readonly FrozenDictionary<string, Place> _byId;

    public PlaceBook()
    {
        All = [.. Governorates.All.SelectMany(PlaceFactory.For).Select(place => (place, Words.Of(place.Name)))];
        _byId = All.SelectMany(entry => (Place[])[entry.Place, entry.Place with { Id = entry.Place.SecondId }]).ToFrozenDictionary(place => place.Id);
    }

    /// <summary>Each place with the words of its name in both scripts.</summary>
    public IReadOnlyList<(Place Place, FrozenSet<string> Words)> All { get; }

    /// <summary>A place by the first or the second of its ids.</summary>
    public Place? Find(string id) => _byId.GetValueOrDefault(id);
}
