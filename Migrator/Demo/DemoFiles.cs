using CsvHelper;

namespace Shabou.Migrator.Demo;

/// <summary>The words the demo data is made of: embedded CSV files beside this one.</summary>
internal static class DemoFiles
{
    public static IReadOnlyList<DemoCategory> Categories { get; } = Read("categories.csv", r =>
        new DemoCategory(r.GetString("slug"), r.GetString("parent"), r.GetString("fr"), r.GetString("ar"), r.GetString("en")));

    public static IReadOnlyList<DemoPartKind> PartKinds { get; } = Read("part-kinds.csv", r =>
        new DemoPartKind(r.GetString("code"), r.GetString("category"), r.GetString("fr"), r.GetString("ar"), r.GetString("en"),
            r.Parse<decimal>("price"), r.Parse<decimal>("vat"), r.Parse<double>("monthly"), r.GetString("brands").Split('|')));

    public static IReadOnlyList<DemoVehicle> Vehicles { get; } = Read("vehicles.csv", r =>
        new DemoVehicle(r.GetString("code"), r.GetString("make"), r.GetString("model"), r.GetString("variant"), r.GetString("ar"), r.Parse<decimal>("factor"), r.Parse<double>("share"),
            r.GetString("engine"), r.GetString("fuel"), r.Parse<int>("from"), r.GetString("to").Length == 0 ? null : r.Parse<int>("to"), r.GetString("vin")));

    private static List<T> Read<T>(string file, Func<CsvReader, T> record)
    {
        using var stream = typeof(DemoFiles).Assembly.GetManifestResourceStream($"Shabou.Migrator.Demo.{file}")
            ?? throw new InvalidOperationException($"{file} is not embedded in Migrator.");
        using var csv = CsvReader.Create(stream);
        var records = new List<T>();
        while (csv.Read()) records.Add(record(csv));
        return records;
    }
}

/// <param name="Parent">Slug; empty at the root. A parent stands before its children.</param>
internal sealed record DemoCategory(string Slug, string Parent, string Fr, string Ar, string En);

/// <param name="Price">Dinars before tax for an average vehicle.</param>
/// <param name="Monthly">Mean sales a month for a vehicle whose share is 1.</param>
/// <param name="Brands">One is chosen per vehicle.</param>
internal sealed record DemoPartKind(
    string Code, string Category, string Fr, string Ar, string En, decimal Price, decimal Vat, double Monthly, IReadOnlyList<string> Brands);

/// <param name="Ar">Make and model in Arabic.</param>
/// <param name="Factor">Price of this vehicle's parts against the average.</param>
/// <param name="Share">How common it is on Tunisian roads against the average.</param>
/// <param name="To">Null while it is built.</param>
/// <param name="Vin">The first characters of its chassis numbers.</param>
internal sealed record DemoVehicle(
    string Code, string Make, string Model, string Variant, string Ar, decimal Factor, double Share, string Engine, string Fuel, int From, int? To, string Vin);
