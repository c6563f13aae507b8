namespace Shabou.Schema.Forecast;

/// <summary>The learned model of a version, as bytes. Written in the version's own transaction and never changed.</summary>
public sealed class ModelArtifact
{
    public required Guid ModelVersionId { get; init; }
    public ModelVersion? ModelVersion { get; init; }

    /// <summary>Of <see cref="Bytes"/>, lower-case hex. Checked on every load: bytes that do not match are not served.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Bytes.</summary>
    public required int Size { get; init; }

    public required byte[] Bytes { get; init; }
}
