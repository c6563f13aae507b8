namespace Shabou.Forecasting;

/// <summary>The model that all parts teach together and that forecasts each of them. Immutable, so one serves all threads.</summary>
public sealed class PooledDemandModel
{
    private readonly GammaPoisson _levels;

    private PooledDemandModel(GammaPoisson levels) => _levels = levels;

    /// <summary>Name in accuracy tables and choices.</summary>
    public static string Name => "pooled";

    /// <summary>Learns from the histories alone.</summary>
    /// <param name="parts">In any order; the result is the same. At least one of them should have demand; without any, every forecast is zero.</param>
    /// <param name="settings">Its horizon decides what is learned.</param>
    /// <param name="threads">Cores to use; changes the time only.</param>
    /// <param name="cancellationToken">Stops it with an <see cref="OperationCanceledException"/>.</param>
    public static PooledDemandModel Learn(IReadOnlyList<PartHistory> parts, ForecastSettings settings, int threads, CancellationToken cancellationToken) =>
        new(GammaPoisson.Learn(parts, threads, cancellationToken));

    /// <summary>Forecasts one part, known or new: a pure function of this model and the history, a few microseconds.</summary>
    /// <param name="part">May be empty or all missing: it is then expected to sell like its group.</param>
    /// <param name="horizon">Steps, at least 1; any number, also beyond what was learned for.</param>
    public PooledForecast Forecast(PartHistory part, int horizon) => _levels.Forecast(part, horizon);

    /// <summary>What is stored: the same model gives the same numbers.</summary>
    public PooledState ToState() => _levels.ToState();

    /// <summary>Reads what <see cref="ToState"/> wrote; it forecasts the same bits.</summary>
    /// <exception cref="InvalidDataException">The numbers are not such a model.</exception>
    public static PooledDemandModel FromState(PooledState state) => new(GammaPoisson.FromState(state));
}
