namespace Shabou.Schema.Forecast;

/// <summary>How a model version would have forecast the last periods of one part, learned without them. A figure is null where it does not
/// exist, for example the bias when nothing was sold.</summary>
public sealed class PartAccuracyRow
{
    public required Guid ModelVersionId { get; init; }
    public ModelVersion? ModelVersion { get; init; }

    public required string Sku { get; init; }

    /// <summary>Observed periods among those held back.</summary>
    public required int Steps { get; init; }

    /// <summary>Mean absolute error, units.</summary>
    public required double Mae { get; init; }

    /// <summary>Sum of absolute errors / total demand.</summary>
    public required double? Wape { get; init; }

    /// <summary>Forecast / demand - 1 in total.</summary>
    public required double? Bias { get; init; }

    /// <summary>Mean absolute scaled error.</summary>
    public required double? Mase { get; init; }

    /// <summary>Mean pinball loss over all levels, units.</summary>
    public required double Pinball { get; init; }

    /// <summary>Share of the observed demand within the central interval of 95 % that was forecast; of 80 % the next.</summary>
    public required double? Coverage95 { get; init; }
    public required double? Coverage80 { get; init; }

    /// <summary>Sum of errors / mean absolute error: beyond +-4 the forecast runs behind (+, demand was higher) or ahead (-) of demand.</summary>
    public required double? TrackingSignal { get; init; }
}
