using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Fitments;

/// <summary>Vehicles as a client names them.</summary>
internal sealed record FittedVehicles(IReadOnlyCollection<Guid> Ids, IReadOnlyCollection<int> KTypes)
{
    private const int Named = 10; // an answer names this many of the unknown ones
    private const int LongestId = 38;

    /// <summary>Reads ids and KTypes.</summary>
    /// <returns>400 that names the first entry that is neither, or null.</returns>
    public static ProblemHttpResult? Read(FitmentsWrite write, out FittedVehicles vehicles)
    {
        var (ids, ktypes) = (new HashSet<Guid>(), new HashSet<int>());
        vehicles = new(ids, ktypes);
        for (var i = 0; i < write.Vehicles.Count; i++)
        {
            var text = write.Vehicles[i];
            if (text is { Length: > 0 and <= LongestId } && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ktype)) ktypes.Add(ktype);
            else if (text is { Length: > 0 and <= LongestId } && Guid.TryParse(text, out var id)) ids.Add(id);
            else return Problem.Invalid("vehicles", $"vehicles[{i}] must be a vehicle's id or its KType, a number; GET /api/v1/vehicles lists them.");
        }
        return null;
    }

    /// <summary>Every vehicle's id once, or 422 that names those that do not exist.</summary>
    public async Task<(Guid[], ProblemHttpResult?)> FindAsync(ShabouContext context, CancellationToken cancellationToken)
    {
        if (Ids.Count + KTypes.Count == 0) return ([], null);
        var (ids, ktypes) = (Ids.ToArray(), KTypes.Select(k => (int?)k).ToArray());
        var found = await context.Vehicles.Where(v => ids.Contains(v.Id) || ktypes.Contains(v.KType)).Select(v => new { v.Id, v.KType }).ToListAsync(cancellationToken);
        var unknown = Ids.Except(found.Select(v => v.Id)).Select(id => id.ToString())
            .Concat(ktypes.Except(found.Select(v => v.KType)).Select(k => k!.Value.ToString(CultureInfo.InvariantCulture))).ToList();
        if (unknown.Count == 0) return ([.. found.Select(v => v.Id)], null);
        var names = string.Join(", ", unknown.Take(Named).Select(u => $"'{u}'"));
        return ([], Problem.Unprocessable("vehicles", $"There is no vehicle {names}{(unknown.Count > Named ? $" and {unknown.Count - Named} more" : "")}; GET /api/v1/vehicles lists them."));
    }
}
