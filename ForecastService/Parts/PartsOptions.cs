using System.ComponentModel.DataAnnotations;

namespace Shabou.ForecastService.Parts;

/// <summary>What training takes from catalog and calendar. Section <c>Forecast:Parts</c>.</summary>
public sealed class PartsOptions
{
    public const string Section = "Forecast:Parts";

    /// <summary>Forecast parts of the catalog that have no demand yet, from their group. Default true.</summary>
    public bool ColdStart { get; set; } = true;

    /// <summary>Frequencies (of D, W, M, Q) whose series get Tunisia's public holidays and Ramadan as influences. Default DW: a month has too few
    /// of them, and a history too few months, to learn much; say DWM to try.</summary>
    [RegularExpression("[DWMQ]*")] public string HolidaysFor { get; set; } = "DW";
}

/// <summary>Registers what the loader of parts needs.</summary>
internal static class PartsSetup
{
    public static void AddParts(this IHostApplicationBuilder builder) =>
        builder.Services.AddOptions<PartsOptions>().BindConfiguration(PartsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
}
