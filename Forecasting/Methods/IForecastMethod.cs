namespace Shabou.Forecasting;

/// <summary>A way to extend one demand series. Pure: the same history gives the same bits, whatever the machine's load or
/// thread count; nothing is kept between calls, so one instance serves all threads.</summary>
/// <remarks>
/// A missing period (stock-out, not recorded) is <see cref="double.NaN"/>, never zero. Methods for intermittent demand
/// (<see cref="Croston"/>, <see cref="TeunterSyntetosBabai"/>, <see cref="MovingAverage"/>) skip it; the others interpolate linearly
/// between its neighbours and repeat the nearest observed value at the ends (<see cref="MissingValues"/>).
/// Forecasts are what the formula gives and may be negative for methods with a trend; <see cref="Combination"/> and what
/// <see cref="ForecastModel"/> publishes are cut off at zero.
/// </remarks>
public interface IForecastMethod
{
    /// <summary>Stable lower-case name, part of the accuracy table and of stored forecasts.</summary>
    string Name { get; }

    /// <summary>Writes the expected demand of the periods right after the history.</summary>
    /// <param name="history">Oldest first, one value a period; NaN where missing.</param>
    /// <param name="season">Periods in a year's cycle: 12 for months; 1 for none.</param>
    /// <param name="mean">Receives one value per step; its length is the horizon.</param>
    /// <exception cref="ArgumentException">No period of the history is observed.</exception>
    void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean);
}
