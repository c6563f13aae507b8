using System.Text.Json;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Forecasts;

/// <summary>How a method did inside the history. A figure is null where it does not exist.</summary>
/// <param name="Weight">Its share of the forecast, 0 to 1.</param>
/// <param name="Pinball">Mean pinball loss over the levels, units.</param>
/// <param name="Wape">Sum of absolute errors / sum of demand.</param>
/// <param name="Bias">0.1 is 10 % too much in total.</param>
public sealed record CandidateView(string Method, double Weight, double? Pinball, double? Wape, double? Bias)
{
    internal static CandidateView Of(CandidateScore score) =>
        new(score.Method, score.Weight, Finite(score.Pinball), Finite(score.Wape), Finite(score.Bias));

    /// <summary>As stored with a forecast.</summary>
    internal static string Write(IEnumerable<CandidateScore> scores) => JsonSerializer.Serialize(scores.Select(Of), JsonSerializerOptions.Web);

    internal static IReadOnlyList<CandidateView> Read(string? stored) =>
        stored is null ? [] : JsonSerializer.Deserialize<List<CandidateView>>(stored, JsonSerializerOptions.Web) ?? [];

    private static double? Finite(double figure) => double.IsFinite(figure) ? figure : null;
}
