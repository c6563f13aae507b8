using Microsoft.EntityFrameworkCore;
using Shabou.Forecasting;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Tests.Replenishment;

/// <summary>Puts a catalog and forecasts into the database behind the service's back, so that every figure of an order is known.</summary>
internal static class Shop
{
    private static readonly DateTimeOffset s_now = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Quantiles of a demand that is normal with this mean and deviation, cut off at zero.</summary>
    public static double[] NormalQuantiles(double mean, double deviation)
    {
        var quantiles = new double[ProtectionDemand.Levels.Length];
        for (var i = 0; i < quantiles.Length; i++) quantiles[i] = Math.Max(0, mean + deviation * MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, ProtectionDemand.Levels[i]));
        return quantiles;
    }

    /// <summary>One active version with a flat monthly forecast per part from 2026-07 on; two months are protected.</summary>
    public static async Task ForecastAsync(string database, CancellationToken cancellationToken, params (string Sku, double Monthly, double Deviation)[] parts)
    {
        await using var context = Testing.TestServers.ContextOn(database);
        await context.ModelVersions.Where(v => v.Active).ExecuteUpdateAsync(v => v.SetProperty(x => x.Active, false), cancellationToken);
        var number = await context.ModelVersions.CountAsync(cancellationToken) + 1;
        var version = Version(number, parts.Length);
        context.Add(version);
        foreach (var (sku, monthly, deviation) in parts)
            context.Add(new SeriesForecast
            {
                ModelVersionId = version.Id, Sku = sku, Frequency = 'M', DemandClass = "Smooth", Method = "ses", FirstPeriod = new DateOnly(2026, 7, 1),
                Mean = [.. Enumerable.Repeat(monthly, 12)], Quantiles = [.. Enumerable.Repeat(monthly, 12 * version.QuantileLevels.Length)],
                ProtectionPeriods = 2, ProtectionMean = 2 * monthly, ProtectionDeviation = deviation, ProtectionQuantiles = NormalQuantiles(2 * monthly, deviation),
            });
        await context.SaveChangesAsync(cancellationToken);
    }

    private static ModelVersion Version(int number, int series) => new()
    {
        Id = Guid.CreateVersion7(s_now.AddMinutes(number)), Version = $"2026-07-01.{number}-00000000", JobId = Guid.NewGuid(), DataSha256 = new string('0', 64),
        CodeVersion = "test", Parameters = "{}", WindowStart = new DateOnly(2025, 1, 1), WindowEnd = new DateOnly(2026, 6, 1),
        SeriesCount = series, Horizon = 12, QuantileLevels = [.5, .95], Active = true, CreatedAt = s_now.AddMinutes(number),
    };

    /// <summary>A part with its group, price and stock by warehouse.</summary>
    public static async Task<Guid> StockAsync(string database, string sku, decimal price, CancellationToken cancellationToken, params (string Warehouse, int OnHand, int Reserved)[] shelves)
    {
        await using var context = Testing.TestServers.ContextOn(database);
        var product = await AddPartAsync(context, sku, price, "freinage", cancellationToken);
        foreach (var (slug, onHand, reserved) in shelves)
        {
            var warehouse = await context.Warehouses.SingleOrDefaultAsync(w => w.Slug == slug, cancellationToken);
            if (warehouse is null) context.Add(warehouse = new Warehouse { Id = Guid.CreateVersion7(), Slug = slug, Name = slug });
            context.Add(new StockLevel { ProductId = product.Id, WarehouseId = warehouse.Id, OnHand = onHand, Reserved = reserved });
        }

        await context.SaveChangesAsync(cancellationToken);
        return product.Id;
    }

    /// <summary>A part in a category of the root.</summary>
    public static async Task<Product> AddPartAsync(ShabouContext context, string sku, decimal price, string category, CancellationToken cancellationToken)
    {
        var brand = await context.Brands.SingleOrDefaultAsync(b => b.Slug == "marque", cancellationToken);
        if (brand is null) context.Add(brand = new Brand { Id = Guid.CreateVersion7(), Slug = "marque", Name = "Marque" });
        var group = await context.Categories.SingleOrDefaultAsync(c => c.Slug == category, cancellationToken);
        if (group is null) context.Add(group = new Category { Id = Guid.CreateVersion7(), Slug = category, Path = category + "/", NameFr = category, NameAr = category });
        var product = new Product
        {
            Id = Guid.CreateVersion7(), Sku = sku, NameFr = sku, NameAr = sku, BrandId = brand.Id, CategoryId = group.Id, Price = Money.Tnd(price), VatRate = 19,
            CreatedAt = s_now, UpdatedAt = s_now,
        };
        context.Add(product);
        await context.SaveChangesAsync(cancellationToken);
        return product;
    }
}
