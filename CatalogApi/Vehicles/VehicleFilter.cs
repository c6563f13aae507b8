using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Vehicles;

/// <summary>What narrows a list of vehicles. All given filters must match.</summary>
/// <param name="Make">As the list writes it.</param>
/// <param name="Model">As the list writes it; needs the make.</param>
/// <param name="Year">A year in which the type was built.</param>
/// <param name="Ktype">TecDoc's number.</param>
/// <param name="Vin">A chassis number, 17 characters: the types whose numbers begin as it does.</param>
internal sealed record VehicleFilter(string? Make, string? Model, int? Year, int? Ktype, string? Vin)
{
    private const int VinLength = 17;

    /// <summary>A refusal that names every wrong filter, or null.</summary>
    public ProblemHttpResult? Refuse()
    {
        var errors = new Dictionary<string, string[]>();
        if (Make?.Length > Vehicle.MakeMaxLength) errors["make"] = [$"must have at most {Vehicle.MakeMaxLength} characters."];
        if (Model?.Length > Vehicle.ModelMaxLength) errors["model"] = [$"must have at most {Vehicle.ModelMaxLength} characters."];
        else if (!string.IsNullOrEmpty(Model) && string.IsNullOrEmpty(Make)) errors["model"] = ["needs the make too."];
        if (Year is < VehicleWrite.FirstYear or > VehicleWrite.LastYear) errors["year"] = [$"must be {VehicleWrite.FirstYear} to {VehicleWrite.LastYear}."];
        if (Ktype < 1) errors["ktype"] = ["must be a positive number."];
        if (!string.IsNullOrEmpty(Vin) && !IsVin(Vin)) errors["vin"] = ["must have 17 letters and digits, none of them I, O or Q."];
        return errors.Count == 0 ? null : Problem.Invalid(errors);
    }

    public IQueryable<Vehicle> Apply(IQueryable<Vehicle> vehicles)
    {
        if (!string.IsNullOrEmpty(Make)) vehicles = vehicles.Where(v => v.Make == Make);
        if (!string.IsNullOrEmpty(Model)) vehicles = vehicles.Where(v => v.Model == Model);
        if (Year is { } year) vehicles = vehicles.Where(v => v.YearFrom <= year && (v.YearTo == null || v.YearTo >= year));
        if (Ktype is { } number) vehicles = vehicles.Where(v => v.KType == number);
        if (!string.IsNullOrEmpty(Vin))
        {
            // Each beginning of the number is looked up in the index: a pattern with the column on its right could not use it.
            var prefixes = Enumerable.Range(1, Vehicle.VinPrefixMaxLength).Select(length => Vin[..length].ToUpperInvariant()).ToArray();
            vehicles = vehicles.Where(v => prefixes.Contains(v.VinPrefix));
        }
        return vehicles;
    }

    /// <summary>ISO 3779: letters and digits, without the letters that look like digits.</summary>
    internal static bool IsVin(string text) => text.Length == VinLength && text.All(c => char.IsAsciiLetterOrDigit(c) && char.ToUpperInvariant(c) is not ('I' or 'O' or 'Q'));
}
