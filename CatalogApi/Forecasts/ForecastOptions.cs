using System.ComponentModel.DataAnnotations;

namespace Shabou.CatalogApi.Forecasts;

/// <summary>How long a product page waits for the forecast service.</summary>
internal sealed class ForecastOptions
{
    public const string Section = "Catalog:Forecasts";

    /// <summary>After this long the last good forecast is shown. The call goes on, so that the breaker learns of its end. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:15")] public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A kept forecast that has not changed is written again when it is older than this, so that its age stays true. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")] public TimeSpan RewriteAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Memory for the forecasts asked for most recently, bytes. Default 32 MiB.</summary>
    [Range(0, 1 << 30)] public int MemoryBytes { get; set; } = 32 << 20;
}
