using Shabou.ForecastService.Demand;
using Shabou.Forecasting;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Training;

/// <summary>One line of the accuracy table.</summary>
/// <param name="DemandClass">Null: all classes.</param>
/// <param name="IsRolling">See <see cref="AccuracyRow.IsRolling"/>.</param>
/// <param name="Position">Place among the lines of the same series and steps.</param>
internal sealed record ScoredMethod(
    char Frequency, DemandClass? DemandClass, int FromStep, int ToStep, bool IsRolling, int Position, MethodAccuracy Accuracy, double Coverage80, double Coverage95)
{
    /// <summary>The model's own table. It knows seasons; of a season without a frequency of its own (years, numbered periods) the first is named.</summary>
    public static IEnumerable<ScoredMethod> Rolling(ForecastModel model, IReadOnlyList<PartSeries> parts)
    {
        var frequencies = parts.GroupBy(part => part.History.Season).ToDictionary(season => season.Key, season => season.Min(part => part.Frequency));
        return model.Backtest.Where(row => frequencies.ContainsKey(row.Season)).GroupBy(row => (row.Season, row.Class, row.FirstStep, row.LastStep))
            .SelectMany(table => table.Select((row, position) => new ScoredMethod(
                frequencies[row.Season], row.Class, row.FirstStep, row.LastStep, IsRolling: true, position, row.Accuracy with { Method = NameOf(row) }, row.Coverage80, row.Coverage95)));
    }

    private static string NameOf(BacktestRow row) => row.Published ? HeldBack.Published : row.Accuracy.Method;
}
