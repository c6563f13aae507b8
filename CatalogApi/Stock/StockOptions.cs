using System.ComponentModel.DataAnnotations;

namespace Shabou.CatalogApi.Stock;

/// <summary>How reservations expire. Section <c>Catalog:Stock</c>.</summary>
internal sealed class StockOptions
{
    public const string Section = "Catalog:Stock";

    /// <summary>How often each replica looks for reservations whose time is over. A reservation that needs their pieces does not wait for it. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Reservations that one statement ends at most. Default 500.</summary>
    [Range(1, 10_000)]
    public int SweepBatch { get; set; } = 500;
}
