namespace Shabou.Forecasting;

/// <summary>Stands for the pooled model among the candidates; where nothing is pooled, the mean of the last year.</summary>
internal sealed class PooledMember : IForecastMethod
{
    private static readonly MovingAverage s_instead = new();

    public string Name => PooledDemandModel.Name;

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean) => s_instead.Forecast(history, season, mean);
}
