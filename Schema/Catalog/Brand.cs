namespace Shabou.Schema.Catalog;

/// <summary>Who makes a part: Bosch, Valeo, Renault ...</summary>
public sealed class Brand
{
    public const int NameMaxLength = 100;
    public const int SlugMaxLength = 100;

    public required Guid Id { get; init; }

    /// <summary>As printed on the box.</summary>
    public required string Name { get; set; }

    /// <summary>Unique; lower case ASCII letters, digits and hyphens. What filters and addresses use.</summary>
    public required string Slug { get; set; }
}
