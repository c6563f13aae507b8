using Shabou.Migrator.Demo;

namespace Shabou.Schema.Tests;

public sealed class DemoDataTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_demo_catalog_is_the_same_each_time()
    {
        static IEnumerable<string> Lines() => new DemoCatalog(2_000, Now).Parts.Select(p => $"{p.Product.Sku} {p.Product.Price} {p.Product.OeNumber} {p.Product.NameAr}");
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
    public void Most_parts_sell_in_some_months_only()
    {
        var series = new DemoCatalog(2_000, Now).Parts.Select(p => DemoDemand.Series(p.Product.Sku, p.Monthly)).ToList();
        var zeros = series.Sum(s => s.Count(q => q == 0)) / (double)series.Sum(s => s.Length);
        Assert.All(series, s => Assert.Equal(48, s.Length));
        Assert.InRange(zeros, 0.3, 0.8);
        Assert.Equal(series[7], DemoDemand.Series(new DemoCatalog(2_000, Now).Parts[7].Product.Sku, new DemoCatalog(2_000, Now).Parts[7].Monthly));
    }
}
