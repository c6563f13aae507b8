using System.Globalization;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Accuracy;

/// <summary>How good the methods were on the last periods of the history, which they had not seen.</summary>
/// <param name="Window">How many periods.</param>
/// <param name="Rows">Per frequency and method, simple ones first; the last is the one that is published.</param>
public sealed record AccuracyTable(string ModelVersion, DateTimeOffset TrainedAt, int Window, IReadOnlyList<AccuracyView> Rows);

/// <summary>One method. A figure is null where it does not exist.</summary>
/// <param name="Series">How many series could be tested.</param>
/// <param name="Mase">Mean absolute scaled error. Forecasting zero scores well on intermittent demand: read it beside the others.</param>
/// <param name="Mae">Mean absolute error, units.</param>
/// <param name="Rmse">Root mean squared error over all series and periods, units.</param>
/// <param name="Bias">0.1 is 10 % too much in total.</param>
/// <param name="CumWape">Absolute error of the window's total, per series, over total demand.</param>
/// <param name="Pinball">Mean pinball loss over all levels, units.</param>
/// <param name="PinballAt">The same by level.</param>
public sealed record AccuracyView(
    string Method, char Frequency, int Series, double? Mase, double? Mae, double? Rmse, double? Bias, double? CumWape, double Pinball,
    IReadOnlyDictionary<string, double> PinballAt)
{
    internal static AccuracyView Of(AccuracyRow row, double[] levels) => new(
        row.Method, row.Frequency, row.SeriesCount, row.Mase, row.Mae, row.Rmse, row.Bias, row.CumulativeWape, row.Pinball.Average(),
        levels.Zip(row.Pinball).ToDictionary(pair => pair.First.ToString(CultureInfo.InvariantCulture), pair => pair.Second));
}
