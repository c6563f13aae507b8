using Shabou.Forecasting;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Forecasts;

/// <summary>A forecast that may be stored and sent: every number finite and 0 or more, every text short enough. A part whose forecast fails gets
/// a plain average instead, so that one part never fails the others.</summary>
internal static class CheckedForecast
{
    /// <summary>A pure function of model and part.</summary>
    /// <param name="scored">Whether <see cref="PartForecast.Scores"/> are wanted.</param>
    public static PartForecast Of(ForecastModel model, PartHistory part, bool scored = true)
    {
        var horizon = model.Settings.Horizon;
        try
        {
            var forecast = scored ? model.Forecast(part) : model.ForecastUnscored(part);
            return Fit(Fault(forecast, horizon) is { } fault ? AverageForecast.Of(part, horizon, fault) : Explain(forecast, part));
        }
        catch (Exception error) when (error is ArgumentException or ArithmeticException or InvalidOperationException or IndexOutOfRangeException)
        {
            return Fit(AverageForecast.Of(part, horizon, error.Message));
        }
    }

    private static PartForecast Explain(PartForecast forecast, PartHistory part) => part is { Discontinued: true, ReplacedBy.Length: > 0 }
        ? forecast with { Choice = forecast.Choice with { Reason = $"The part is replaced by {part.ReplacedBy}: its demand is forecast there." } }
        : forecast;

    private static string? Fault(PartForecast forecast, int horizon) =>
        forecast.Mean.Length != horizon || forecast.Quantiles.Length != horizon * QuantileForecast.Levels.Length
        || forecast.Protection.Quantiles.Length != ProtectionDemand.Levels.Length ? "it does not have the steps and levels that were asked for."
        : !AllCount(forecast.Mean) || !AllCount(forecast.Quantiles) || !AllCount(forecast.Protection.Quantiles)
        || !AllCount([forecast.Protection.Mean, forecast.Protection.StandardDeviation]) ? "it has a number that is negative or not finite."
        : null;

    private static bool AllCount(ReadOnlySpan<double> numbers)
    {
        foreach (var number in numbers)
            if (!(number >= 0 && double.IsFinite(number))) return false;
        return true;
    }

    private static PartForecast Fit(PartForecast forecast) => forecast.Choice is { Method.Length: <= SeriesForecast.MethodMaxLength, Reason.Length: <= SeriesForecast.ReasonMaxLength }
        ? forecast
        : forecast with { Choice = forecast.Choice with { Method = Cut(forecast.Choice.Method, SeriesForecast.MethodMaxLength), Reason = Cut(forecast.Choice.Reason, SeriesForecast.ReasonMaxLength) } };

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
