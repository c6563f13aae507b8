using System.Linq.Expressions;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Models;
using Shabou.Forecasting;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Forecasts;

/// <summary>A forecast with what its version says, as stored or as it would be.</summary>
internal sealed record ForecastRow(
    string Sku, char Frequency, string DemandClass, string Method, DateOnly FirstPeriod, double[] Mean, double[] Quantiles,
    string Version, double[] Levels, DateTimeOffset TrainedAt)
{
    public string? Reason { get; init; }
    public string? Candidates { get; init; }
    public string? Fallback { get; init; }
    public double? DemandInterval { get; init; }
    public double? SizeVariation { get; init; }
    public char? Abc { get; init; }
    public char? Xyz { get; init; }
    public int? ProtectionPeriods { get; init; }
    public double? ProtectionMean { get; init; }
    public double? ProtectionDeviation { get; init; }
    public double[]? ProtectionQuantiles { get; init; }

    public static Expression<Func<SeriesForecast, ForecastRow>> FromForecast { get; } = f => new ForecastRow(
        f.Sku, f.Frequency, f.DemandClass, f.Method, f.FirstPeriod, f.Mean, f.Quantiles,
        f.ModelVersion!.Version, f.ModelVersion.QuantileLevels, f.ModelVersion.CreatedAt)
    {
        Reason = f.Reason, Candidates = f.Candidates, Fallback = f.Fallback, DemandInterval = f.DemandInterval, SizeVariation = f.SizeVariation,
        Abc = f.AbcClass, Xyz = f.XyzClass, ProtectionPeriods = f.ProtectionPeriods, ProtectionMean = f.ProtectionMean,
        ProtectionDeviation = f.ProtectionDeviation, ProtectionQuantiles = f.ProtectionQuantiles,
    };

    /// <summary>As a training run would store it.</summary>
    public static ForecastRow Of(PartForecast forecast, char frequency, DateOnly firstPeriod, ModelHead model) => new(
        forecast.Id, frequency, forecast.Profile.Class.ToString(), forecast.Choice.Method, firstPeriod, forecast.Mean, forecast.Quantiles,
        model.Version, QuantileForecast.Levels.ToArray(), model.TrainedAt)
    {
        Reason = forecast.Choice.Reason,
        Candidates = CandidateView.Write(forecast.Choice.Candidates),
        Fallback = forecast.Choice.Fallback == Forecasting.Fallback.None ? null : forecast.Choice.Fallback.ToString(),
        DemandInterval = double.IsFinite(forecast.Profile.Interval) ? forecast.Profile.Interval : null,
        SizeVariation = double.IsFinite(forecast.Profile.SizeVariation) ? forecast.Profile.SizeVariation : null,
        Abc = forecast.Abc.ToString()[0],
        Xyz = forecast.Xyz.ToString()[0],
        ProtectionPeriods = forecast.Protection.Periods,
        ProtectionMean = forecast.Protection.Mean,
        ProtectionDeviation = forecast.Protection.StandardDeviation,
        ProtectionQuantiles = forecast.Protection.Quantiles,
    };

    /// <summary>First day of a step's period.</summary>
    public DateOnly Period(int step) => Periods.StartOf(Frequency, Periods.IndexOf(Frequency, FirstPeriod) + step);

    public double Quantile(int level, int step) => Quantiles[level * Mean.Length + step];

    /// <param name="horizon">Steps to show; at most those there are.</param>
    public ForecastView View(int horizon, bool fresh = false) => new(
        Sku, Frequency, Camel(DemandClass), Method, Version, TrainedAt, [.. Enumerable.Range(0, Math.Min(horizon, Mean.Length)).Select(Step)])
    {
        Fresh = fresh,
        Reason = Reason,
        Fallback = Fallback is null ? null : Camel(Fallback),
        AbcXyz = Abc is null ? null : $"{Abc}{Xyz}",
        DemandInterval = DemandInterval,
        SizeVariation = SizeVariation,
        Candidates = CandidateView.Read(Candidates),
        Protection = ProtectionPeriods is { } periods ? ProtectionView.Of(periods, ProtectionMean ?? 0, ProtectionDeviation ?? 0, ProtectionQuantiles ?? []) : null,
    };

    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private ForecastStep Step(int step)
    {
        Span<double> quantiles = stackalloc double[Levels.Length];
        for (var level = 0; level < quantiles.Length; level++) quantiles[level] = Quantile(level, step);
        return new(Period(step), Mean[step], Forecasts.Levels.ByLevel(Levels, quantiles));
    }
}
