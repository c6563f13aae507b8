using System.Text.Json;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Models;

/// <summary>One training run's outcome: enough to know which data, code and parameters made a forecast.</summary>
/// <param name="Active">Whether it is the one that is served.</param>
/// <param name="TrainingRun">The run, see /api/v1/training-runs.</param>
/// <param name="DataSha256">Of all series it was trained on; the same data gives the same hash.</param>
/// <param name="WindowStart">First period of the data.</param>
/// <param name="WindowEnd">Last period of the data.</param>
public sealed record ModelView(
    string Version, bool Active, Guid TrainingRun, string DataSha256, string CodeVersion, JsonElement Parameters,
    DateOnly WindowStart, DateOnly WindowEnd, int Series, int Horizon, IReadOnlyList<double> QuantileLevels, DateTimeOffset CreatedAt)
{
    /// <summary>Of everything that draws lots.</summary>
    public int Seed { get; init; }

    /// <summary>SHA-256 of data, code version, parameters and seed; versions with the same one are the same byte for byte.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Parts whose own forecast failed.</summary>
    public int Fallbacks { get; init; }

    /// <summary>Of the learned model's bytes; null when there are none.</summary>
    public string? ArtifactSha256 { get; init; }

    /// <summary>How many bytes.</summary>
    public int? ArtifactSize { get; init; }

    /// <param name="artifact">Without its bytes.</param>
    internal static ModelView Of(ModelVersion version, (string Sha256, int Size)? artifact) => new(
        version.Version, version.Active, version.JobId, version.DataSha256, version.CodeVersion,
        JsonSerializer.Deserialize<JsonElement>(version.Parameters), version.WindowStart, version.WindowEnd,
        version.SeriesCount, version.Horizon, version.QuantileLevels, version.CreatedAt)
    {
        Seed = version.Seed,
        Fingerprint = version.Fingerprint,
        Fallbacks = version.Fallbacks,
        ArtifactSha256 = artifact?.Sha256,
        ArtifactSize = artifact?.Size,
    };
}
