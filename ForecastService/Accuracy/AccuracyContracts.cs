using System.Globalization;
using Shabou.ForecastService.Forecasts;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Accuracy;

/// <summary>How good the methods were on periods of the histories that they had not seen.</summary>
/// <param name="Window">How many periods at the end of the histories were held back for <paramref name="Rows"/> and <paramref name="Classes"/>.</param>
/// <param name="Rows">Per frequency and method, simple ones first, zero and naive always among them; the last, <c>published</c>, is what a model
/// learned without the window would have published.</param>
/// <param name="Classes">The same for the parts of each class.</param>
/// <param name="Rolling">The model's own scores on rolling origins inside the histories, per class and range of steps.</param>
public sealed record AccuracyTable(
    string ModelVersion, DateTimeOffset TrainedAt, int Window, IReadOnlyList<AccuracyView> Rows, IReadOnlyList<AccuracyView> Classes, IReadOnlyList<AccuracyView> Rolling);

/// <summary>One method. A figure is null where it does not exist.</summary>
/// <param name="Class">smooth, intermittent, erratic, lumpy, or all.</param>
/// <param name="FromStep">First step ahead that counts.</param>
/// <param name="ToStep">Last step ahead that counts.</param>
/// <param name="Series">How many series could be tested.</param>
/// <param name="Mase">Mean absolute scaled error. Forecasting zero scores well on intermittent demand: read it beside the others.</param>
/// <param name="Mae">Mean absolute error, units.</param>
/// <param name="Rmse">Root mean squared error over all series and periods, units.</param>
/// <param name="Bias">0.1 is 10 % too much in total.</param>
/// <param name="Wape">Sum of absolute errors over total demand.</param>
/// <param name="CumWape">Absolute error of the window's total, per series, over total demand.</param>
/// <param name="Coverage80">Share of demands within the central interval of 80 %; counts can be covered more often than its name says.</param>
/// <param name="Coverage95">The same of 95 %.</param>
/// <param name="Pinball">Mean pinball loss over all levels, units.</param>
/// <param name="PinballAt">The same by level.</param>
public sealed record AccuracyView(
    string Method, char Frequency, string Class, int FromStep, int ToStep, int Series, double? Mase, double? Mae, double? Rmse, double? Bias, double? Wape, double? CumWape,
    double? Coverage80, double? Coverage95, double Pinball, IReadOnlyDictionary<string, double> PinballAt)
{
    internal static AccuracyView Of(AccuracyRow row, double[] levels) => new(
        row.Method, row.Frequency, ForecastRow.Camel(row.DemandClass), row.FromStep, row.ToStep, row.SeriesCount, row.Mase, row.Mae, row.Rmse, row.Bias, row.Wape,
        row.CumulativeWape, row.Coverage80, row.Coverage95, row.Pinball.Average(),
        levels.Zip(row.Pinball).ToDictionary(pair => pair.First.ToString(CultureInfo.InvariantCulture), pair => pair.Second));
}

/// <summary>How good the published forecasts of one part were.</summary>
/// <param name="Versions">By model version, the newest first: on origins inside the history that the version knew.</param>
/// <param name="Live">The same versions' stored forecasts against demand that has arrived since; those of which none has are left out.</param>
public sealed record PartAccuracy(string Sku, IReadOnlyList<PartAccuracyView> Versions, IReadOnlyList<LiveAccuracy> Live);

/// <summary>A version's stored forecasts of one part against demand that it did not know. A figure is null where it does not exist.</summary>
/// <param name="Periods">Demands compared: of the horizon, in stock.</param>
/// <param name="Demand">Their sum, units.</param>
/// <param name="Wape">Sum of absolute errors over the demand.</param>
/// <param name="Bias">0.1 is 10 % too much in total.</param>
/// <param name="Mae">Mean absolute error, units.</param>
/// <param name="Pinball">Mean pinball loss over all levels, units.</param>
/// <param name="Coverage95">Share of demands within the central interval of 95 %.</param>
public sealed record LiveAccuracy(
    string ModelVersion, DateTimeOffset TrainedAt, bool Active, int Periods, double Demand, double? Wape, double? Bias, double Mae, double? Pinball, double? Coverage95);

/// <summary>One version's, on origins inside the part's history. A figure is null where it does not exist.</summary>
/// <param name="Active">Whether it is the one that is served.</param>
/// <param name="Steps">Demands compared.</param>
/// <param name="Wape">Sum of absolute errors over total demand.</param>
/// <param name="Bias">0.1 is 10 % too much in total.</param>
/// <param name="Mase">Mean absolute scaled error.</param>
/// <param name="Rmsse">Root mean squared scaled error.</param>
/// <param name="Pinball">Mean pinball loss over all levels, units.</param>
/// <param name="Coverage95">Share of demands within the central interval of 95 %.</param>
/// <param name="TrackingSignal">Sum of errors over mean absolute error: large when the forecast is wrong in one direction, + when demand is higher.</param>
/// <param name="Alarm">It is beyond the limit (Forecast:Watch:TrackingLimit).</param>
public sealed record PartAccuracyView(
    string ModelVersion, DateTimeOffset TrainedAt, bool Active, int Steps, double? Wape, double? Bias, double? Mase, double? Rmsse, double? Pinball, double? Coverage95,
    double? TrackingSignal, bool Alarm);
