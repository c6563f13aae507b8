namespace Shabou.Schema.Forecast;

/// <summary>How the published forecast of one part did on origins inside its history. A figure is null where it does not
/// exist, for example the bias when nothing was sold.</summary>
public sealed class PartAccuracyRow
{
    public required Guid ModelVersionId { get; init; }
    public ModelVersion? ModelVersion { get; init; }

    public required string Sku { get; init; }

    /// <summary>Demands compared, over all origins.</summary>
    public required int Steps { get; init; }

    /// <summary>Sum of absolute errors / total demand.</summary>
    public required double? Wape { get; init; }

    /// <summary>Forecast / demand - 1 in total.</summary>
    public required double? Bias { get; init; }

    /// <summary>Mean absolute scaled error.</summary>
    public required double? Mase { get; init; }

    /// <summary>Root mean squared scaled error.</summary>
    public required double? Rmsse { get; init; }

    /// <summary>Mean pinball loss over all levels, units.</summary>
    public required double? Pinball { get; init; }

    /// <summary>Share of the observed demand within the central interval of 95 % that was forecast.</summary>
    public required double? Coverage95 { get; init; }

    /// <summary>Sum of errors / mean absolute error: beyond +-4 the forecast runs behind (+, demand was higher) or ahead (-) of demand.</summary>
    public required double? TrackingSignal { get; init; }
}
