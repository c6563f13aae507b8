namespace Shabou.Schema.Catalog;

/// <summary>Vehicle makers' part numbers, which everyone writes with other separators.</summary>
public static class OeNumbers
{
    /// <summary>Upper case without spaces, dots, hyphens, slashes and commas: <c>06a-905.161 B</c> is <c>06A905161B</c>. O and 0 stay apart.</summary>
    public static string? Normalise(string? number) =>
        number is null ? null : string.Concat(number.Where(c => c is not (' ' or '.' or '-' or '/' or ','))).ToUpperInvariant();
}
