using Shabou.ForecastService.Forecasts;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Training;

/// <summary>A model and what it expects of the parts that taught it.</summary>
/// <param name="Forecasts">One per part, in the same order.</param>
internal sealed record TrainedParts(ForecastModel Model, IReadOnlyList<PartSeries> Parts, PartForecast[] Forecasts)
{
    /// <summary>Learns and forecasts on all cores. Each forecast depends on model and part alone and goes to its own place, so neither the
    /// number of cores nor their timing changes anything.</summary>
    /// <param name="scored">Whether the scores of each part are wanted.</param>
    public static TrainedParts Train(IReadOnlyList<PartSeries> parts, ForecastSettings settings, bool scored, CancellationToken cancellationToken)
    {
        var threads = Environment.ProcessorCount;
        var model = ForecastModel.Learn([.. parts.Select(part => part.History)], settings, threads, cancellationToken);
        var forecasts = new PartForecast[parts.Count];
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = threads };
        Parallel.For(0, parts.Count, options, i => forecasts[i] = CheckedForecast.Of(model, parts[i].History, scored));
        return new(model, parts, forecasts);
    }

    /// <summary>Parts for which every method failed.</summary>
    public int Fallbacks => Forecasts.Count(forecast => forecast.Choice.Fallback == Fallback.MethodsFailed);
}
