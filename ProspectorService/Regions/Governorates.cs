using Shabou.Schema.Catalog;

namespace Shabou.ProspectorService.Regions;

/// <summary>One of Tunisia's 24 governorates.</summary>
/// <param name="Code">ISO 3166-2, for example TN-61.</param>
/// <param name="Name">In French: what leads carry, and searches say.</param>
/// <param name="NameAr">In Arabic.</param>
/// <param name="Latitude">Of its seat, in degrees.</param>
/// <param name="Longitude">Of its seat, in degrees.</param>
internal sealed record Governorate(string Code, string Name, string NameAr, double Latitude, double Longitude);

/// <summary>The governorates, by code and by name.</summary>
internal static class Governorates
{
    public static readonly IReadOnlyList<Governorate> All =
    [
        new("TN-11", "Tunis", "تونس", 36.8008, 10.1800),
        new("TN-12", "Ariana", "أريانة", 36.8625, 10.1956),
        new("TN-13", "Ben Arous", "بن عروس", 36.7533, 10.2189),
        new("TN-14", "La Manouba", "منوبة", 36.808, 10.097),
        new("TN-21", "Nabeul", "نابل", 36.4561, 10.7376),
        new("TN-22", "Zaghouan", "زغوان", 36.4029, 10.1429),
        new("TN-23", "Bizerte", "بنزرت", 37.2744, 9.8739),
        new("TN-31", "Béja", "باجة", 36.7256, 9.1817),
        new("TN-32", "Jendouba", "جندوبة", 36.5011, 8.7802),
        new("TN-33", "Le Kef", "الكاف", 36.1742, 8.7049),
        new("TN-34", "Siliana", "سليانة", 36.0849, 9.3708),
        new("TN-41", "Kairouan", "القيروان", 35.6781, 10.0963),
        new("TN-42", "Kasserine", "القصرين", 35.1676, 8.8365),
        new("TN-43", "Sidi Bouzid", "سيدي بوزيد", 35.0382, 9.4858),
        new("TN-51", "Sousse", "سوسة", 35.8256, 10.6084),
        new("TN-52", "Monastir", "المنستير", 35.7643, 10.8113),
        new("TN-53", "Mahdia", "المهدية", 35.5047, 11.0622),
        new("TN-61", "Sfax", "صفاقس", 34.7406, 10.7603),
        new("TN-71", "Gafsa", "قفصة", 34.425, 8.784),
        new("TN-72", "Tozeur", "توزر", 33.9197, 8.1335),
        new("TN-73", "Kébili", "قبلي", 33.7044, 8.969),
        new("TN-81", "Gabès", "قابس", 33.8815, 10.0982),
        new("TN-82", "Médenine", "مدنين", 33.3549, 10.5055),
        new("TN-83", "Tataouine", "تطاوين", 32.9297, 10.4518),
    ];

    private static readonly Dictionary<string, Governorate> ByText = All
        .SelectMany(governorate => Texts(governorate).Distinct().Select(text => KeyValuePair.Create(text, governorate)))
        .ToDictionary();

    /// <summary>By code ("TN-61", "61") or by name in French or Arabic; accents, case and the article do not matter. Null when it is none, but a town for example.</summary>
    public static Governorate? Find(string text) => ByText.GetValueOrDefault(Key(text));

    /// <summary>The one whose seat is nearest: near enough for leads that were found in a cell of a grid.</summary>
    public static Governorate Nearest(double latitude, double longitude) => All.MinBy(governorate =>
    {
        var north = governorate.Latitude - latitude;
        var east = (governorate.Longitude - longitude) * Math.Cos(latitude * Math.PI / 180);
        return (north * north) + (east * east);
    })!;

    private static IEnumerable<string> Texts(Governorate governorate) => [Key(governorate.Code), governorate.Code[3..], Key(governorate.Name), Key(governorate.NameAr)];

    private static string Key(string text)
    {
        var words = SearchText.Words(text).ToList();
        if (words is ["la" or "le" or "tn", _, ..]) words.RemoveAt(0);
        return string.Join(' ', words);
    }
}
