using System.Globalization;
using CsvHelper;

namespace Shabou.Migrator.Demo;

/// <summary>The words the demo data is made of: embedded CSV files beside this one.</summary>
internal static class DemoFiles
{
    public static IReadOnlyList<DemoCategory> Categories { get; } = Read<DemoCategory>("categories.csv");
    public static IReadOnlyList<DemoPartKind> PartKinds { get; } = Read<DemoPartKind>("part-kinds.csv");
    public static IReadOnlyList<DemoVehicle> Vehicles { get; } = Read<DemoVehicle>("vehicles.csv");

    private static List<T> Read<T>(string file)
    {
        using var stream = typeof(DemoFiles).Assembly.GetManifestResourceStream($"Shabou.Migrator.Demo.{file}")
            ?? throw new InvalidOperationException($"{file} is not embedded in Migrator.");
        using var csv = new CsvReader(new StreamReader(stream), CultureInfo.InvariantCulture);
        return [.. csv.GetRecords<T>()];
    }
}

#pragma warning disable IDE1006 // parameter names are the files' column names
/// <param name="parent">Empty at the root; a parent stands before its children.</param>
internal sealed record DemoCategory(string slug, string parent, string fr, string ar, string en);

/// <param name="price">Dinars before tax for an average vehicle.</param>
/// <param name="monthly">Mean sales a month for a vehicle whose share is 1.</param>
/// <param name="brands">Separated by |; one is chosen per vehicle.</param>
internal sealed record DemoPartKind(string code, string category, string fr, string ar, string en, decimal price, decimal vat, double monthly, string brands);

/// <param name="factor">Price of this vehicle's parts against the average.</param>
/// <param name="share">How common it is on Tunisian roads against the average.</param>
internal sealed record DemoVehicle(string code, string make, string model, string ar, decimal factor, double share);
#pragma warning restore IDE1006
