namespace Shabou.Schema.Catalog;

/// <summary>Part numbers of vehicle and part makers, which everyone writes with other separators.</summary>
public static class OeNumbers
{
    /// <summary>Upper case without spaces, dots, hyphens, slashes and commas: <c>06a-905.161 B</c> is <c>06A905161B</c>. O and 0 stay apart.</summary>
    public static string Normalise(string number) =>
        string.Concat(number.Where(c => !char.IsWhiteSpace(c) && c is not ('.' or '-' or '/' or ','))).ToUpperInvariant();
}
