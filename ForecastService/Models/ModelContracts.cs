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
    internal static ModelView Of(ModelVersion version) => new(
        version.Version, version.Active, version.JobId, version.DataSha256, version.CodeVersion,
        JsonSerializer.Deserialize<JsonElement>(version.Parameters), version.WindowStart, version.WindowEnd,
        version.SeriesCount, version.Horizon, version.QuantileLevels, version.CreatedAt);
}
