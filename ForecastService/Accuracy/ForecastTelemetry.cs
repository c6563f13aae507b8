using System.Diagnostics.Metrics;

namespace Shabou.ForecastService.Accuracy;

/// <summary>The measurements of forecasts, meter <c>Shabou.Forecast</c>: of the model that is served, as last read by <see cref="ForecastWatch"/>.</summary>
internal sealed class ForecastTelemetry
{
    public const string MeterName = "Shabou.Forecast";
    private volatile ForecastHealth? _health;

    public ForecastTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("shabou.forecast.coverage", () => Each(h => h.Coverage.Select(c => new Measurement<double>(c.Value.Share, Tag("class", c.Key)))), "1", "Share of demands within the 95 % intervals, by class");
        meter.CreateObservableGauge("shabou.forecast.bias", () => Each(h => h.Bias.Select(b => new Measurement<double>(b.Value, Tag("frequency", b.Key)))), "1", "Forecast / demand - 1 in total, by frequency");
        meter.CreateObservableGauge("shabou.forecast.tracking_signal.alarms", () => Each<Measurement<long>>(h => [new(h.Alarms)]), "{part}", "Parts whose forecast is wrong in one direction");
        meter.CreateObservableGauge("shabou.forecast.tracking_signal.parts", () => Each<Measurement<long>>(h => [new(h.Tested)]), "{part}", "Parts with a tracking signal");
        meter.CreateObservableGauge("shabou.forecast.model.age", () => Each<Measurement<double>>(h => [new(h.Age.TotalSeconds)]), "s", "Since the served model was trained");
        meter.CreateObservableGauge("shabou.forecast.fallbacks", () => Each(h => h.Fallbacks.Select(f => new Measurement<long>(f.Value, Tag("reason", f.Key)))), "{part}", "Parts that were forecast another way than by the methods of their class, by reason");
    }

    public void Saw(ForecastHealth? health) => _health = health;

    private IEnumerable<T> Each<T>(Func<ForecastHealth, IEnumerable<T>> of) => _health is { } health ? of(health) : [];

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
