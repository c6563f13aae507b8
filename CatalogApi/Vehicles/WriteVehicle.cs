using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Versions;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Vehicles;

/// <summary>Creates and replaces vehicles.</summary>
internal static class WriteVehicle
{
    public static async Task<Results<Versioned<VehicleView>, ProblemHttpResult>> CreateAsync(
        VehicleWrite write, ShabouContext context, CatalogVersions versions, TimeProvider time, CancellationToken cancellationToken)
    {
        var vehicle = new Vehicle { Id = Guid.CreateVersion7(time.GetUtcNow()), Make = write.Make, Model = write.Model, Variant = write.Variant, YearFrom = write.YearFrom };
        Fill(vehicle, write);
        context.Add(vehicle);
        if (await SaveAsync(write, context, versions, cancellationToken) is { } conflict) return conflict;
        return new Versioned<VehicleView>(VehicleView.Of(vehicle), vehicle.Version, $"/api/v1/vehicles/{vehicle.Id}");
    }

    public static async Task<Results<Versioned<VehicleView>, ProblemHttpResult>> UpdateAsync(
        Guid id, VehicleWrite write, HttpContext http, ShabouContext context, CatalogVersions versions, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        if (await context.Vehicles.SingleOrDefaultAsync(v => v.Id == id, cancellationToken) is not { } vehicle) return Problem.NotFound("vehicle", id);
        if (!expected.Matches(vehicle.Version)) return ExpectedVersion.Stale("vehicle", id);
        Fill(vehicle, write);
        if (await SaveAsync(write, context, versions, cancellationToken) is { } conflict) return conflict;
        return new Versioned<VehicleView>(VehicleView.Of(vehicle), vehicle.Version);
    }

    private static void Fill(Vehicle vehicle, VehicleWrite write)
    {
        vehicle.KType = write.KType;
        vehicle.Make = write.Make;
        vehicle.Model = write.Model;
        vehicle.Variant = write.Variant;
        vehicle.Engine = write.Engine;
        vehicle.Fuel = write.Fuel;
        vehicle.YearFrom = write.YearFrom;
        vehicle.YearTo = write.YearTo;
        vehicle.VinPrefix = write.VinPrefix?.ToUpperInvariant();
    }

    private static async Task<ProblemHttpResult?> SaveAsync(VehicleWrite write, ShabouContext context, CatalogVersions versions, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation)
        {
            return Problem.Of(ProblemTypes.Conflict, violation.ConstraintName == "ix_vehicles_ktype"
                ? $"Another vehicle has the ktype {write.KType}; choose another, or update that one."
                : $"The vehicle {write.Make} {write.Model} {write.Variant} from {write.YearFrom} exists already; update that one.");
        }
        await versions.EverythingChangedAsync(cancellationToken); // lists by vehicle find it by its number
        return null;
    }
}
