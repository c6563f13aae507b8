namespace Shabou.Schema.Forecast;

/// <summary>One training run's outcome: which data, code and parameters made a set of forecasts. Never changed but for <see cref="Active"/>.</summary>
public sealed class ModelVersion
{
    public const int NameMaxLength = 40;
    public const int CodeVersionMaxLength = 100;

    public required Guid Id { get; init; }

    /// <summary>What clients call it: day, number of the day, start of the fingerprint: <c>2026-11-21.1-0a1b2c3d</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The job that made it; unique, so that a job that runs twice makes one version.</summary>
    public required Guid JobId { get; init; }

    /// <summary>SHA-256 of all series it was trained on, lower-case hex.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>The program's informational version.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>Everything, beside data, code and seed, that decides the forecasts: JSON.</summary>
    public required string Parameters { get; init; }

    /// <summary>Of everything in the training that draws lots.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>SHA-256 of data hash, code version, parameters and seed, lower-case hex: two versions with the same one have the same model
    /// and the same forecasts, byte for byte. Null for versions made before there were fingerprints.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>First and last period of the data.</summary>
    public required DateOnly WindowStart { get; init; }
    public required DateOnly WindowEnd { get; init; }

    /// <summary>How many series were forecast.</summary>
    public required int SeriesCount { get; init; }

    /// <summary>How many of them got a plain average because every method failed; <see cref="SeriesForecast.Reason"/> says why.</summary>
    public int Fallbacks { get; init; }

    /// <summary>Periods forecast per series.</summary>
    public required int Horizon { get; init; }

    /// <summary>Levels of the quantiles, ascending.</summary>
    public required double[] QuantileLevels { get; init; }

    /// <summary>The one that is served.</summary>
    public required bool Active { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
