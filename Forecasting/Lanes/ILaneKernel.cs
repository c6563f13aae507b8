namespace Shabou.Forecasting;

/// <summary>A forecast written once for any number of series side by side; <see cref="LaneBatch"/> brings the series and takes the result.</summary>
internal interface ILaneKernel
{
    /// <summary>Forecasts as many series of one length as a <typeparamref name="T"/> has lanes.</summary>
    /// <param name="series">Complete (no NaN), every number below 1e100, oldest first, at least one row. The kernel may overwrite it.</param>
    /// <param name="season">Periods of the cycle, 1 for none.</param>
    /// <param name="mean">Receives one row per step; all numbers finite.</param>
    /// <param name="deviation">Receives the standard deviation of each step's error, or is empty when nobody asks for it.</param>
    void Forecast<T>(Span<T> series, int season, Span<T> mean, Span<T> deviation) where T : unmanaged, ILanes<T>;
}
