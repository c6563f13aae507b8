using BenchmarkDotNet.Attributes;
using Shabou.Forecasting;

namespace Shabou.Bench.Kernels;

/// <summary>The forecaster's kernels on made-up monthly demand of 100 periods with trend, season and noise: nothing is read.</summary>
public class ForecastKernels
{
    private const int Periods = 100, Season = 12, Horizon = 18, Batch = 512;

    private readonly Theta _theta = new();
    private readonly AutoEts _ets = new();
    private readonly AutoArima _arima = new();
    private readonly double[] _mean = new double[Horizon];
    private readonly double[] _means = new double[Batch * Horizon];
    private readonly double[] _quantiles = new double[QuantileForecast.Levels.Length];
    private ReadOnlyMemory<double>[] _histories = [];
    private PartHistory _smooth = null!, _seldom = null!;
    private ForecastModel _model = null!;

    [GlobalSetup]
    public void Make()
    {
        _histories = [.. Enumerable.Range(0, Batch).Select(i => (ReadOnlyMemory<double>)Demand.Smooth(i, Periods))];
        PartHistory[] parts =
        [
            .. Enumerable.Range(0, 60).Select(i => new PartHistory($"smooth {i}", Season, Demand.Smooth(i, Periods))),
            .. Enumerable.Range(0, 60).Select(i => new PartHistory($"seldom {i}", Season, Demand.Seldom(i, Periods))),
        ];
        (_smooth, _seldom) = (parts[0], parts[^1]);
        _model = ForecastModel.Learn(parts, new() { Horizon = Horizon }, 1, CancellationToken.None);
    }

    [Benchmark(Description = "Theta, one series")]
    public double ThetaAlone()
    {
        _theta.Forecast(_histories[0].Span, Season, _mean);
        return _mean[0];
    }

    [Benchmark(Description = "Theta, a series of a batch in lanes", OperationsPerInvoke = Batch)]
    public double ThetaBatch()
    {
        _theta.ForecastAll(_histories, Season, Horizon, _means, [], 1, CancellationToken.None);
        return _means[0];
    }

    [Benchmark(Description = "ETS, choice among all models")]
    public double EtsChoice()
    {
        _ets.Forecast(_histories[0].Span, Season, _mean);
        return _mean[0];
    }

    [Benchmark(Description = "ARIMA, choice and fit")]
    public double ArimaChoice()
    {
        _arima.Forecast(_histories[0].Span, Season, _mean);
        return _mean[0];
    }

    [Benchmark(Description = "negative binomial, all levels")]
    public double CountQuantiles()
    {
        NegativeBinomial.Quantiles(2.5, 9, QuantileForecast.Levels, _quantiles);
        return _quantiles[^1];
    }

    [Benchmark(Description = "one part, smooth: choice, quantiles, reorder demand")]
    public PartForecast SmoothPart() => _model.Forecast(_smooth);

    [Benchmark(Description = "one part, seldom: the same")]
    public PartForecast SeldomPart() => _model.Forecast(_seldom);
}
