using System.Globalization;
using Shabou.PlacesSimulator.Search;

namespace Shabou.PlacesSimulator.Places;

/// <summary>Invents the places of a governorate, always the same ones.</summary>
internal static class PlaceFactory
{
    private const double TownRadius = 0.009; // degrees: about a kilometre
    private static readonly int[] MobilePrefixes = [20, 22, 23, 25, 28, 29, 50, 52, 54, 55, 58, 90, 92, 95, 97, 98, 99];

    public static IEnumerable<Place> For(Governorate governorate) =>
        Enumerable.Range(0, governorate.Size).Select(number => Invent(governorate, number));

    private static Place Invent(Governorate governorate, int number)
    {
        var dice = new Dice($"shabou-place/{governorate.Code}/{number}");
        var town = dice.Chance(55) ? governorate.Towns[0] : dice.Pick(governorate.Towns);
        var trades = PickTrades(dice);
        var family = dice.Pick(Names.Families);
        var sign = dice.Pick(trades[0].Signs);
        var name = new BilingualName(
            string.Format(CultureInfo.InvariantCulture, sign.French, family.French, town.Name.French),
            string.Format(CultureInfo.InvariantCulture, sign.Arabic, family.Arabic, town.Name.Arabic));
        var rated = dice.Chance(80);
        return new Place
        {
            Id = dice.PlaceId(),
            SecondId = new Dice($"shabou-second-place/{governorate.Code}/{number}").PlaceId(),
            Name = name,
            StreetNumber = dice.Chance(85) ? (dice.Below(180) + 1).ToString(CultureInfo.InvariantCulture) : "Km 4",
            Street = dice.Pick(Names.Streets),
            Town = town,
            Governorate = governorate,
            Serves = dice.Chance(12) ? [governorate.Code, dice.Pick(governorate.Neighbours)] : [governorate.Code],
            Trades = trades,
            Latitude = Math.Round(town.Latitude + Offset(dice), 6),
            Longitude = Math.Round(town.Longitude + Offset(dice), 6),
            BusinessStatus = dice.Below(100) switch { < 3 => "CLOSED_PERMANENTLY", < 6 => "CLOSED_TEMPORARILY", _ => "OPERATIONAL" },
            Phone = dice.Chance(88) ? PickPhone(dice, governorate) : null,
            Website = dice.Chance(35) ? $"https://{Slug(name.French)}-{governorate.Code}{number}.example/" : null,
            Rating = rated ? Math.Round(3 + (dice.Below(21) / 10.0), 1) : null,
            RatingCount = rated ? dice.Below(400) + 1 : 0,
            Rank = dice.Next(),
        };
    }

    private static Trade[] PickTrades(Dice dice)
    {
        var draw = dice.Below(100);
        var first = Trades.All.First(trade => (draw -= trade.Share) < 0);
        var second = dice.Pick(Trades.All);
        return dice.Chance(30) && second != first ? [first, second] : [first];
    }

    private static string PickPhone(Dice dice, Governorate governorate)
    {
        var prefix = dice.Chance(45) ? governorate.PhoneArea : dice.Pick(MobilePrefixes);
        return string.Create(CultureInfo.InvariantCulture, $"{prefix} {dice.Below(1000):000} {dice.Below(1000):000}");
    }

    private static double Offset(Dice dice) => ((dice.Below(2001) / 1000.0) - 1) * TownRadius;

    private static string Slug(string name) => string.Join('-', Words.Plain(name));
}
