namespace Shabou.Schema.Forecast;

/// <summary>How one method did in the backtest of a training run, over the series of one frequency and class in some steps. A figure is null where it does not
/// exist, for example the bias when nothing was sold.</summary>
public sealed class AccuracyRow
{
    /// <summary>In <see cref="DemandClass"/>: the series of every class.</summary>
    public const string AllClasses = "All";

    public required Guid ModelVersionId { get; init; }
    public ModelVersion? ModelVersion { get; init; }

    /// <summary>As in <see cref="DemandSeries.Frequency"/>.</summary>
    public required char Frequency { get; init; }

    /// <summary>Smooth, Intermittent, Erratic, Lumpy, or <see cref="AllClasses"/>.</summary>
    public string DemandClass { get; init; } = AllClasses;

    /// <summary>First and last step of the forecasts that count, from 1.</summary>
    public int FromStep { get; init; } = 1;
    public int ToStep { get; init; } = 12;

    /// <summary>False: on the last periods of the histories, held back once. True: on rolling origins inside them, the model's own scores.</summary>
    public bool IsRolling { get; init; }

    public required string Method { get; init; }

    /// <summary>Place in the table, from 0: simple methods first, the published one last.</summary>
    public required int Position { get; init; }

    /// <summary>Series in the backtest: those with an observed period before and in the window.</summary>
    public required int SeriesCount { get; init; }

    /// <summary>Mean absolute scaled error.</summary>
    public required double? Mase { get; init; }

    /// <summary>Mean absolute error, units.</summary>
    public required double? Mae { get; init; }

    /// <summary>Root mean squared error pooled over all series, units.</summary>
    public required double? Rmse { get; init; }

    /// <summary>Forecast / demand - 1 in total.</summary>
    public required double? Bias { get; init; }

    /// <summary>Sum of absolute errors / total demand.</summary>
    public double? Wape { get; init; }

    /// <summary>Share of the observed demand within the central interval of 95 % that was forecast; of 80 % the next.</summary>
    public double? Coverage95 { get; init; }
    public double? Coverage80 { get; init; }

    /// <summary>Absolute error of the window's total per series / total demand.</summary>
    public required double? CumulativeWape { get; init; }

    /// <summary>Mean pinball loss per level of <see cref="ModelVersion.QuantileLevels"/>.</summary>
    public required double[] Pinball { get; init; }
}
