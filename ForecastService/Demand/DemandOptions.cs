using System.ComponentModel.DataAnnotations;

namespace Shabou.ForecastService.Demand;

/// <summary>How much one import may bring. Section <c>Forecast:Demand</c>. The body itself is limited to 10 MiB everywhere.</summary>
public sealed class DemandOptions
{
    public const string Section = "Forecast:Demand";

    /// <summary>Bytes of the body after gzip. Beyond it: 413, as soon as it is reached. Default 64 MiB.</summary>
    [Range(1024, 1024 * 1024 * 1024)] public long MaxDecompressedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Values of one import; each costs about 60 bytes of memory while it is read. Default 2 million.</summary>
    [Range(1, 20_000_000)] public int MaxObservations { get; set; } = 2_000_000;

    /// <summary>Columns of a CSV. Default 5,000.</summary>
    [Range(4, 16_384)] public int MaxColumns { get; set; } = 5_000;
}
