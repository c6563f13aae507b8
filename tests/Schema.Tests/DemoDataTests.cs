using Shabou.Migrator.Demo;

namespace Shabou.Schema.Tests;

public sealed class DemoDataTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_demo_catalog_is_the_same_each_time()
    {
        static IEnumerable<string> Lines() => new DemoCatalog(2_000, Now).Parts.Select(p => $"{p.Product.Sku} {p.Product.Price} {p.Product.OeNumber} {p.Product.NameAr} {p.Product.Gtin} {p.Vehicle.KType} {p.Product.ReplacedById is not null}");
        Assert.Equal(Lines(), Lines());
    }

    [Fact]
    public void Skus_are_unique_and_names_are_in_French_and_Arabic()
    {
        var parts = new DemoCatalog(2_000, Now).Parts.ConvertAll(p => p.Product);
        Assert.Equal(2_000, parts.Select(p => p.Sku).Distinct().Count());
        Assert.All(parts, p => Assert.Contains(p.NameAr, c => c is >= '\u0600' and <= '\u06FF'));
        Assert.All(parts, p => Assert.True(p.NameFr.Length > 5));
    }

    [Fact]
    public void Most_parts_have_a_number_with_a_right_check_digit()
    {
        var gtins = new DemoCatalog(2_000, Now).Parts.Select(p => p.Product.Gtin).OfType<string>().ToList();
        Assert.InRange(gtins.Count, 1_500, 1_900);
        Assert.Equal(gtins.Count, gtins.Distinct().Count());
        // Weights 1 and 3 from the left, check digit included, make a multiple of ten.
        Assert.All(gtins, g => Assert.Equal(0, g.Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 1 : 3)).Sum() % 10));
        Assert.All(gtins, g => Assert.Equal(13, g.Length));
    }

    [Fact]
    public void Each_part_fits_its_vehicle_and_that_of_the_part_it_replaces()
    {
        var demo = new DemoCatalog(2_000, Now);
        Assert.Equal(40, demo.Vehicles.Values.Select(v => v.KType).Distinct().Count());
        Assert.All(demo.Vehicles.Values, v => Assert.Matches("^[A-HJ-NPR-Z0-9]{4,11}$", v.VinPrefix));
        Assert.All(demo.Vehicles.Values, v => Assert.True(v.YearTo is null || v.YearTo > v.YearFrom));
        Assert.Equal(demo.Fitments.Count, demo.Fitments.Distinct().Count());
        Assert.All(demo.Parts, p => Assert.Contains((p.Product.Id, p.Vehicle.Id), demo.Fitments));

        var replaced = demo.Parts.Where(p => p.Product.ReplacedById is not null).ToList();
        Assert.InRange(replaced.Count, 5, 100);
        Assert.All(replaced, p => Assert.Contains((p.Product.ReplacedById!.Value, p.Vehicle.Id), demo.Fitments));
    }

    [Fact]
    public void The_shelves_are_filled_and_replaced_parts_are_sold_out()
    {
        var parts = new DemoCatalog(2_000, Now).Parts;
        var stock = new DemoStock(Now);
        var levels = stock.Levels(parts).ToList();
        Assert.Equal(2_000, levels.Count(l => l.Warehouse == stock.Main.Id));
        Assert.InRange(levels.Count(l => l.Warehouse == stock.Second.Id), 400, 1_000);
        var sold = parts.Where(p => p.Product.ReplacedById is not null).Select(p => p.Product.Id).ToHashSet();
        Assert.All(levels, l => Assert.True(sold.Contains(l.Product) ? l.OnHand == 0 : l.OnHand >= 0));
        Assert.True(levels.Count(l => l.OnHand > 0) > 1_000);
    }

    [Fact]
    public void Most_parts_sell_in_some_months_only()
    {
        var series = new DemoCatalog(2_000, Now).Parts.Select(p => DemoDemand.Series(p.Product.Sku, p.Monthly)).ToList();
        var zeros = series.Sum(s => s.Count(q => q == 0)) / (double)series.Sum(s => s.Length);
        Assert.All(series, s => Assert.Equal(48, s.Length));
        Assert.InRange(zeros, 0.3, 0.8);
        Assert.Equal(series[7], DemoDemand.Series(new DemoCatalog(2_000, Now).Parts[7].Product.Sku, new DemoCatalog(2_000, Now).Parts[7].Monthly));
    }
}
