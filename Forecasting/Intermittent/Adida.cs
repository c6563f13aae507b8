namespace Shabou.Forecasting;

/// <summary>ADIDA: demand is summed over buckets as long as its mean interval, smoothed there (SES, optimised), and spread evenly over the
/// periods of a bucket. Flat.</summary>
/// <remarks>Nikolopoulos, Syntetos, Boylan, Petropoulos &amp; Assimakopoulos 2011. Missing periods are skipped. Without any demand the forecast is
/// zero. With one bucket only the forecast is its mean.</remarks>
public sealed class Adida : IForecastMethod
{
    public string Name => "adida";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        Span<double> buffer = history.Length <= 512 ? stackalloc double[history.Length] : new double[history.Length];
        var observed = buffer[..MissingValues.Skip(history, buffer)];
        mean.Fill(TemporalAggregation.Forecast(observed, TemporalAggregation.Level(observed)));
    }
}
