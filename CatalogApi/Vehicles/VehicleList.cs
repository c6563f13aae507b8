using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Paging;

namespace Shabou.CatalogApi.Vehicles;

/// <summary>Pages of vehicles in the order of make, model, variant and first year.</summary>
internal static class VehicleList
{
    /// <param name="list">Name of the list, which its cursors are good for.</param>
    public static async Task<Results<Ok<Page<VehicleView>>, ProblemHttpResult>> ReadAsync(
        IQueryable<Vehicle> vehicles, string list, string? after, int? size, Cursors cursors, HttpContext http, CancellationToken cancellationToken)
    {
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<Position>(list, after, out var last, out refusal)) return refusal;
        if (last is not null)
        {
            vehicles = vehicles.Where(v => EF.Functions.GreaterThan(
                ValueTuple.Create(v.Make, v.Model, v.Variant, v.YearFrom, v.Id), ValueTuple.Create(last.Make, last.Model, last.Variant, last.YearFrom, last.Id)));
        }
        var rows = await vehicles.OrderBy(v => v.Make).ThenBy(v => v.Model).ThenBy(v => v.Variant).ThenBy(v => v.YearFrom).ThenBy(v => v.Id)
            .Take(take + 1).Select(VehicleView.FromVehicle).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, rows, take, v => cursors.Write(list, new Position(v.Make, v.Model, v.Variant, v.YearFrom, v.Id))));
    }

    private sealed record Position(string Make, string Model, string Variant, int YearFrom, Guid Id);
}
