namespace Shabou.Forecasting;

/// <summary>Always zero: the row that shows what MASE is worth on intermittent demand. Needs no observed period.</summary>
public sealed class Zero : IForecastMethod
{
    public string Name => "zero";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean) => mean.Clear();
}

/// <summary>The last observed value, for ever.</summary>
public sealed class Naive : IForecastMethod
{
    public string Name => "naive";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        Span<double> observed = history.Length <= 512 ? stackalloc double[history.Length] : new double[history.Length];
        mean.Fill(observed[MissingValues.Skip(history, observed) - 1]);
    }
}

/// <summary>The value of the same period one season earlier; <see cref="Naive"/> when the history is shorter than a season.</summary>
public sealed class SeasonalNaive : IForecastMethod
{
    public string Name => "seasonal-naive";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        var n = history.Length;
        Span<double> filled = n <= 512 ? stackalloc double[n] : new double[n];
        MissingValues.Interpolate(history, filled);
        for (var step = 0; step < mean.Length; step++)
            mean[step] = filled[n < season ? n - 1 : n - season + step % season];
    }
}

/// <summary>The mean of the last observed periods (all of them when there are fewer).</summary>
/// <param name="periods">How many; 12 by default, a year of months.</param>
public sealed class MovingAverage(int periods = 12) : IForecastMethod
{
    public string Name => $"moving-average-{periods}";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        Span<double> observed = history.Length <= 512 ? stackalloc double[history.Length] : new double[history.Length];
        var count = MissingValues.Skip(history, observed);
        var taken = Math.Min(periods, count);
        var sum = 0.0;
        foreach (var value in observed[(count - taken)..count]) sum += value;
        mean.Fill(sum / taken);
    }
}
