using Shabou.PlacesSimulator.Places;

namespace Shabou.PlacesSimulator.Search;

/// <summary>What a query asks for: where, what, and words the simulator has no meaning for.</summary>
internal sealed record Meaning(
    IReadOnlySet<Governorate> Governorates, IReadOnlySet<Town> Towns, IReadOnlySet<Trade> Trades, IReadOnlyList<string> Unknown, bool NamesSomething);

/// <summary>Understands queries by the longest known phrase: governorates, towns, trades, and words that say nothing.</summary>
internal sealed class Vocabulary
{
    private const string Fillers =
        "de des du la le les l d et a au aux en dans pres proche vers el al of in near the and في من و قرب محل متجر magasin vente رقم";
    private const string General = "auto automobile automobiles voiture voitures vehicule car cars سيارة سيارات tunisie tunisia";

    private readonly Dictionary<string, HashSet<object>> _phrases = [];
    private readonly int _longest;

    public Vocabulary()
    {
        foreach (var filler in Fillers.Split(' ')) Add(filler, Filler.Silent);
        foreach (var general in General.Split(' ')) Add(general, Filler.Loud);
        foreach (var governorate in Governorates.All)
        {
            foreach (var town in governorate.Towns) AddName(town.Name, town);
            AddName(governorate.Name, governorate);
        }
        foreach (var trade in Trades.All)
            foreach (var phrase in trade.Words) Add(phrase, trade);
        _longest = _phrases.Keys.Max(phrase => phrase.Count(letter => letter == ' ')) + 1;
    }

    private enum Filler { Silent, Loud }

    public Meaning Read(string query)
    {
        var words = Words.Of(query).ToArray();
        var found = new HashSet<object>();
        var unknown = new List<string>();
        for (var at = 0; at < words.Length;)
        {
            var length = Math.Min(_longest, words.Length - at);
            while (length > 0 && !_phrases.ContainsKey(string.Join(' ', words, at, length))) length--;
            if (length == 0) unknown.Add(words[at++]);
            else
            {
                found.UnionWith(_phrases[string.Join(' ', words, at, length)]);
                at += length;
            }
        }
        var trades = found.OfType<Trade>().ToHashSet();
        var governorates = found.OfType<Governorate>().ToHashSet();
        // A governorate and its seat share a name: the governorate is meant.
        var towns = found.OfType<Town>().Where(town => !governorates.Any(governorate => governorate.Towns.Contains(town))).ToHashSet();
        var names = found.Contains(Filler.Loud) || trades.Count + governorates.Count + towns.Count > 0;
        return new(governorates, towns, trades, unknown, names);
    }

    private void AddName(BilingualName name, object meaning)
    {
        Add(name.French, meaning);
        Add(name.Arabic, meaning);
        // "La Manouba" is also asked for as "Manouba".
        var words = Words.Of(name.French).ToArray();
        if (words is ["la" or "le", .. var rest]) Add(string.Join(' ', rest), meaning);
    }

    private void Add(string phrase, object meaning)
    {
        var key = string.Join(' ', Words.Of(phrase));
        if (!_phrases.TryGetValue(key, out var meanings)) _phrases[key] = meanings = [];
        meanings.Add(meaning);
    }
}
