namespace Shabou.Schema.Catalog;

/// <summary>Who makes a part: Bosch, Valeo, Renault ...</summary>
public sealed class Brand : ISlugged
{
    public const int NameMaxLength = 100;
    public const int SlugMaxLength = 100;

    public required Guid Id { get; init; }

    /// <summary>As printed on the box.</summary>
    public required string Name
    {
        get;
        set
        {
            field = value;
            Search = SearchText.Fold(value);
        }
    }

    /// <summary>The name as a search sees it; its parts are found by it too.</summary>
    public string Search { get; private set; } = "";

    /// <summary>Unique; lower case ASCII letters, digits and hyphens. What filters and addresses use.</summary>
    public required string Slug { get; set; }

    public string ChangedBy { get; set; } = "system";
    public string? ChangedTrace { get; set; }

    /// <summary>PostgreSQL's xmin.</summary>
    public uint Version { get; init; }
}
