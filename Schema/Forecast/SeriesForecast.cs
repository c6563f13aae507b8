namespace Shabou.Schema.Forecast;

/// <summary>What one model version expects of one part.</summary>
public sealed class SeriesForecast
{
    public const int MethodMaxLength = 40;
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
}
