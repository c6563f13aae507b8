namespace Shabou.Schema.Forecast;

/// <summary>What one model version expects of one part.</summary>
public sealed class SeriesForecast
{
    public const int MethodMaxLength = 40;
    public const int ReasonMaxLength = 500;
    public const int FallbackMaxLength = 20;
    public const int DemandClassMaxLength = 16;

    public required Guid ModelVersionId { get; init; }
    public ModelVersion? ModelVersion { get; init; }

    /// <summary>As in the series, which may be deleted without harm to its forecasts.</summary>
    public required string Sku { get; init; }

    /// <summary>Length of a step, as in <see cref="DemandSeries.Frequency"/>.</summary>
    public required char Frequency { get; init; }

    /// <summary>Smooth, Intermittent, Erratic or Lumpy.</summary>
    public required string DemandClass { get; init; }

    /// <summary>The methods behind it, for example <c>theta+ses+tsb</c>.</summary>
    public required string Method { get; init; }

    /// <summary>First day of the first step: the period after the last one of the history.</summary>
    public required DateOnly FirstPeriod { get; init; }

    /// <summary>Expected demand per step.</summary>
    public required double[] Mean { get; init; }

    /// <summary>Quantiles, level by level (<see cref="ModelVersion.QuantileLevels"/>), each with all steps.</summary>
    public required double[] Quantiles { get; init; }

    /// <summary>Why these methods, one sentence. This and what follows is null in forecasts of versions that had no artefact.</summary>
    public string? Reason { get; init; }

    /// <summary>Every method that was tried with its weight and scores, best first: JSON.</summary>
    public string? Candidates { get; init; }

    /// <summary>Why it does not come from the part's own history and the methods of its class, for example <c>NoHistory</c>; null when it does.</summary>
    public string? Fallback { get; init; }

    /// <summary>Observed periods per period with demand; null without demand.</summary>
    public double? DemandInterval { get; init; }

    /// <summary>Squared coefficient of variation of the demand sizes.</summary>
    public double? SizeVariation { get; init; }

    /// <summary>A, B or C by value of demand; null where it was not classified.</summary>
    public char? AbcClass { get; init; }

    /// <summary>X, Y or Z by regularity of demand; null where it was not classified.</summary>
    public char? XyzClass { get; init; }

    /// <summary>Periods of lead time and review together, over which the next three sum demand.</summary>
    public int? ProtectionPeriods { get; init; }

    /// <summary>Units.</summary>
    public double? ProtectionMean { get; init; }

    /// <summary>Units.</summary>
    public double? ProtectionDeviation { get; init; }

    /// <summary>One per level of the numerical core's <c>ProtectionDemand.Levels</c>.</summary>
    public double[]? ProtectionQuantiles { get; init; }

    /// <summary>What the model was given of this part, JSON text kept to the letter: with the version's artefact the forecast can be made again
    /// whatever became of the history.</summary>
    public string? Input { get; init; }
}
