using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Training;

/// <summary>What, beside the data, decides the forecasts: stored with each model version so that it can be made again.</summary>
internal static class ModelParameters
{
    /// <summary>The program's informational version: number and commit.</summary>
    public static string CodeVersion { get; } =
        typeof(ModelParameters).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>As JSON. What a method has of its own is in the code, and so in the code version.</summary>
    public static string Describe(ForecastSettings settings, int maxPeriods) => JsonSerializer.Serialize(new
    {
        horizon = settings.Horizon,
        seed = settings.Seed,
        origins = settings.Origins,
        maxPeriods,
        backtestWindow = Backtest.Window,
        methods = ForecastMethods.All.Select(m => m.Name),
        quantileLevels = QuantileForecast.Levels.ToArray(),
        protectionLevels = ProtectionDemand.Levels.ToArray(),
        intervalCutOff = DemandProfile.IntervalCutOff,
        sizeVariationCutOff = DemandProfile.SizeVariationCutOff,
    }, JsonSerializerOptions.Web);

    /// <summary>SHA-256 of all that decides the forecasts, lower-case hex.</summary>
    public static string Fingerprint(string dataSha256, string codeVersion, string parameters, int seed) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{dataSha256}\n{codeVersion}\n{seed}\n{parameters}"))));
}
