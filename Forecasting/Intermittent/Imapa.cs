namespace Shabou.Forecasting;

/// <summary>iMAPA: the mean of the forecasts made at every length of bucket from one period up to the mean interval between demands. Flat.</summary>
/// <remarks>Petropoulos &amp; Kourentzes 2015, with SES at every level. Lengths are at most <see cref="LongestBucket"/>, which bounds the time that
/// a series with one demand in 100,000 periods takes. Missing periods are skipped; without any demand the forecast is zero.</remarks>
public sealed class Imapa : IForecastMethod
{
    /// <summary>Periods.</summary>
    public const int LongestBucket = 60;

    public string Name => "imapa";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        Span<double> buffer = history.Length <= 512 ? stackalloc double[history.Length] : new double[history.Length];
        var observed = buffer[..MissingValues.Skip(history, buffer)];
        var longest = Math.Min(LongestBucket, TemporalAggregation.Level(observed));
        var sum = 0.0;
        for (var level = 1; level <= longest; level++) sum += TemporalAggregation.Forecast(observed, level);
        mean.Fill(sum / longest);
    }
}
