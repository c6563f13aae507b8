namespace Shabou.Forecasting;

/// <summary>A method that knows the spread of its errors and forecasts many histories together in a fraction of the time, each with the same
/// bits as alone.</summary>
public interface IBatchMethod : IForecastMethod
{
    /// <summary>Forecasts one history with the spread of the errors to be expected.</summary>
    /// <param name="history">As in <see cref="IForecastMethod.Forecast"/>.</param>
    /// <param name="season">As in <see cref="IForecastMethod.Forecast"/>.</param>
    /// <param name="mean">Receives the expected demand per step.</param>
    /// <param name="deviation">Receives the standard deviation per step, units; as long as <paramref name="mean"/>, or empty.</param>
    /// <exception cref="ArgumentException">No period of the history is observed.</exception>
    void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean, Span<double> deviation);

    /// <summary>Forecasts all histories. Best given those of one season in one call: equal lengths share the vector lanes.</summary>
    /// <param name="histories">Of any lengths and in any order; slices of one array serve rolling origins without a copy.</param>
    /// <param name="season">As in <see cref="IForecastMethod.Forecast"/>, the same for all.</param>
    /// <param name="horizon">Steps per history, 0 or more.</param>
    /// <param name="means">Receives history by history all steps: step s of history i is at i * horizon + s.</param>
    /// <param name="deviations">Receives the standard deviations in the same places; empty when they are not wanted.</param>
    /// <param name="threads">Cores to use, at least 1; changes the time only.</param>
    /// <param name="cancellationToken">Stops between groups of series with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">A history holds no observed period (the message names its position; nothing was
    /// computed), or a result array is too short.</exception>
    void ForecastAll(IReadOnlyList<ReadOnlyMemory<double>> histories, int season, int horizon, double[] means, double[] deviations,
        int threads, CancellationToken cancellationToken);
}
