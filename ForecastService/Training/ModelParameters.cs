using System.Reflection;
using System.Text.Json;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Training;

/// <summary>What, beside the data, decides the forecasts: stored with each model version so that it can be made again.</summary>
internal static class ModelParameters
{
    /// <summary>The program's informational version: number and commit.</summary>
    public static string CodeVersion { get; } =
        typeof(ModelParameters).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>As JSON.</summary>
    public static string Describe(int horizon, int maxPeriods) => JsonSerializer.Serialize(new
    {
        horizon,
        maxPeriods,
        backtestWindow = Backtest.Window,
        published = ForecastMethods.Published.Name,
        members = Enum.GetValues<DemandClass>().ToDictionary(c => c.ToString(), Combination.MembersFor),
        methods = ForecastMethods.All.Select(m => m.Name),
        quantileLevels = QuantileForecast.Levels.ToArray(),
        intervalCutOff = DemandProfile.IntervalCutOff,
        sizeVariationCutOff = DemandProfile.SizeVariationCutOff,
    }, JsonSerializerOptions.Web);
}
