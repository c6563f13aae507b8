namespace Shabou.Jobs.History;

/// <summary>Where the history goes that is older than 90 days. Section <c>Archive</c>.</summary>
public sealed class ArchiveOptions
{
    public const string Section = "Archive";

    /// <summary>A folder that all services can reach, one for all of them. Without one nothing is archived, and nothing is dropped either: an
    /// alert says how much waits. No default.</summary>
    public string? Folder { get; set; }

    internal bool IsAbsolute() => string.IsNullOrEmpty(Folder) || Path.IsPathFullyQualified(Folder);
}
