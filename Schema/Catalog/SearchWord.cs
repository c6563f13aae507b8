namespace Shabou.Schema.Catalog;

/// <summary>A word that occurs in the names of parts or brands: what a misspelt word is corrected to. The database adds them as parts are written.</summary>
public sealed class SearchWord
{
    public const int WordMaxLength = 100;

    /// <summary>Folded by <see cref="SearchText"/>; at least three characters and no digits.</summary>
    public required string Word { get; init; }
}
