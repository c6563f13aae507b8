namespace Shabou.Schema.Catalog;

/// <summary>Who sells parts to the shop and sends price lists.</summary>
public sealed class Supplier : ISlugged
{
    public required Guid Id { get; init; }

    /// <summary>Unique; lower case ASCII letters, digits and hyphens.</summary>
    public required string Slug { get; set; }
    public required string Name { get; set; }

    /// <summary>Which of the supplier's price lists counts: the generation that readers see. Null before the first. Moving this number is
    /// what applies a list or rolls it back, for all its prices at once.</summary>
    public int? CurrentListNumber { get; set; }

    public string ChangedBy { get; set; } = "system";
    public string? ChangedTrace { get; set; }

    /// <summary>PostgreSQL's xmin.</summary>
    public uint Version { get; init; }
}
