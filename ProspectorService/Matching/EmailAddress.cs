namespace Shabou.ProspectorService.Matching;

/// <summary>E-mail addresses in one form: lower case, the domain in punycode.</summary>
internal static class EmailAddress
{
    private const int LongestLocalPart = 64;
    private const string Marks = "!#$%&'*+-/=?^_`{|}~.";

    /// <returns>Null for what is no address that people write: quoted and commented forms of RFC 5322 are not taken.</returns>
    public static string? Normalise(string? text)
    {
        var address = text?.Trim();
        var at = address?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        if (at is < 1 or > LongestLocalPart || address!.Length > 254) return null;
        var local = address[..at].ToLowerInvariant();
        if (!local.All(c => char.IsAsciiLetterOrDigit(c) || Marks.Contains(c, StringComparison.Ordinal))) return null;
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal)) return null;
        return Domain(address[(at + 1)..]) is { } domain ? $"{local}@{domain}" : null;
    }

    /// <param name="address">Normalised.</param>
    public static string DomainOf(string address) => address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..];

    // A mailbox at www. is another one than without.
    private static string? Domain(string text) => text.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? null : SiteDomain.Bare(text);
}
