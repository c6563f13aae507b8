namespace Shabou.Schema.Catalog;

/// <summary>A node of the tree that parts are sorted into: Freinage, and below it Plaquettes de frein ...</summary>
public sealed class Category : ISlugged
{
    public const int NameMaxLength = 100;
    public const int SlugMaxLength = 100;
    public const int PathMaxLength = 800;

    public required Guid Id { get; init; }

    /// <summary>Null at the root.</summary>
    public Guid? ParentId { get; set; }

    public required string NameFr { get; set; }
    public required string NameAr { get; set; }
    public string? NameEn { get; set; }

    /// <summary>Unique over the whole tree; lower case ASCII letters, digits and hyphens.</summary>
    public required string Slug { get; set; }

    /// <summary>The slugs from the root down, each followed by a slash: <c>freinage/plaquettes-de-frein/</c>. A node's
    /// descendants are the rows whose path starts with its own, so that a filter needs no recursion.</summary>
    public required string Path { get; set; }

    public string ChangedBy { get; set; } = "system";
    public string? ChangedTrace { get; set; }

    /// <summary>PostgreSQL's xmin.</summary>
    public uint Version { get; init; }
}
