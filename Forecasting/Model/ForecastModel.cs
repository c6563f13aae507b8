namespace Shabou.Forecasting;

/// <summary>What many histories taught together: enough, with one history, to forecast it. Immutable.</summary>
/// <remarks>Learning the same histories with the same settings gives the same model, whatever the number of threads and the order; a model read back
/// from its bytes forecasts the same bits. A history is forecast in well under 5 ms, so a part can be forecast while somebody waits.</remarks>
public sealed class ForecastModel
{
    private readonly Dictionary<(int Season, int Kind), Segment> _segments;

    internal ForecastModel(ForecastSettings settings, AbcXyz limits, IReadOnlyList<Segment> segments, PooledDemandModel? pooled, GroupDemands groups,
        IReadOnlyList<BacktestRow> backtest, ModelCounts counts)
    {
        (Settings, Limits, Segments, Pooled, Groups, Backtest, Counts) = (settings, limits, segments, pooled, groups, backtest, counts);
        _segments = segments.ToDictionary(segment => (segment.Season, segment.Kind));
    }

    public ForecastSettings Settings { get; }

    /// <summary>The accuracy table: per season, class (null: all) and range of steps, every method that was tried, then the published forecast.
    /// Zero and naive are always among them.</summary>
    public IReadOnlyList<BacktestRow> Backtest { get; }

    /// <summary>What the model was taught by, and what went wrong.</summary>
    public ModelCounts Counts { get; }

    /// <summary>The values from which on parts are A and B.</summary>
    public AbcXyz Limits { get; }

    internal IReadOnlyList<Segment> Segments { get; }

    /// <summary>Of seldom demand; null when there were too few parts of it.</summary>
    internal PooledDemandModel? Pooled { get; }

    internal GroupDemands Groups { get; }

    /// <summary>Learns what is pooled over the parts.</summary>
    /// <param name="parts">In any order.</param>
    /// <param name="settings">What is asked for.</param>
    /// <param name="threads">Cores to use; changes the time only.</param>
    /// <param name="cancellationToken">Stops it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The horizon is not 1 to 1,000, or the origins are not 0 to 100.</exception>
    public static ForecastModel Learn(IReadOnlyList<PartHistory> parts, ForecastSettings settings, int threads, CancellationToken cancellationToken) =>
        ModelLearning.Learn(parts, settings, threads, cancellationToken);

    /// <summary>Forecasts one part: a pure function of this model and the history.</summary>
    public PartForecast Forecast(PartHistory part) => PartForecasting.Forecast(this, part, scored: true);

    /// <summary>The same numbers without <see cref="PartForecast.Scores"/> and the candidates' scores: in less than half the time, where nobody reads them.</summary>
    public PartForecast ForecastUnscored(PartHistory part) => PartForecasting.Forecast(this, part, scored: false);

    /// <summary>The model as it is stored: the same model gives the same bytes.</summary>
    public byte[] ToBytes() => ModelBytes.Write(this);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a model of this program's format.</exception>
    public static ForecastModel FromBytes(ReadOnlySpan<byte> bytes) => ModelBytes.Read(bytes);

    /// <summary>The narrowest segment that a part belongs to and that enough parts taught.</summary>
    internal Segment SegmentOf(int season, DemandClass demandClass)
    {
        Segment? widest = null;
        foreach (var key in Segment.KeysOf(season, demandClass))
        {
            if (!_segments.TryGetValue(key, out var segment)) continue;
            if (segment.Parts >= Segment.FewestParts) return segment;
            widest = segment;
        }

        return widest ?? Segment.Unlearned(DemandRoutes.Of(demandClass));
    }
}
