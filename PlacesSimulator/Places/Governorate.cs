namespace Shabou.PlacesSimulator.Places;

/// <summary>A name as it is written on French and on Arabic signs.</summary>
internal sealed record BilingualName(string French, string Arabic)
{
    public string In(string language) => language == "ar" ? Arabic : French;
}

/// <summary>A town with its centre in degrees; places lie within about a kilometre of it.</summary>
internal sealed record Town(BilingualName Name, int Postcode, double Latitude, double Longitude);

/// <summary>One of Tunisia's 24 governorates.</summary>
/// <param name="Code">ISO 3166-2 subdivision without the country, for example 11 for Tunis.</param>
/// <param name="Name">Its name.</param>
/// <param name="PhoneArea">The first two digits of its landlines.</param>
/// <param name="Size">How many places the simulator knows there.</param>
/// <param name="Neighbours">Codes of governorates that some of its places also serve.</param>
/// <param name="Towns">Its towns, the largest first.</param>
internal sealed record Governorate(
    string Code, BilingualName Name, int PhoneArea, int Size, string[] Neighbours, Town[] Towns);
