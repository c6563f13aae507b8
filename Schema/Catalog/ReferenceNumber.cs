namespace Shabou.Schema.Catalog;

/// <summary>Whose number it is.</summary>
public enum ReferenceKind
{
    /// <summary>A vehicle maker's: original equipment.</summary>
    Oe,

    /// <summary>Another part maker's: a cross reference.</summary>
    Trade,
}

/// <summary>A number under which somebody else knows a part. Numbers of different makers may collide; a search returns the parts of all.</summary>
public sealed class ReferenceNumber
{
    public const int MakerMaxLength = 60;

    public Guid ProductId { get; init; }
    public required ReferenceKind Kind { get; init; }

    /// <summary>Whose number: Volkswagen, Mann-Filter ... Empty when not known.</summary>
    public required string Maker { get; init; }

    /// <summary>As printed.</summary>
    public required string Number
    {
        get;
        init
        {
            field = value;
            Normalised = OeNumbers.Normalise(value);
        }
    }

    /// <summary><see cref="OeNumbers.Normalise"/> of <see cref="Number"/>.</summary>
    public string Normalised { get; private init; } = "";
}
