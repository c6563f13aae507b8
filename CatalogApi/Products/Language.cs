using Microsoft.Net.Http.Headers;

namespace Shabou.CatalogApi.Products;

/// <summary>The language in which a caller reads names.</summary>
internal static class Language
{
    public const string French = "fr";
    private static readonly string[] s_known = [French, "ar", "en"];

    /// <summary>The language of <c>Accept-Language</c> that is best liked and known here, and French for all others.</summary>
    public static string Of(HttpRequest request)
    {
        if (request.Headers.AcceptLanguage.Count == 0) return French;
        foreach (var language in request.GetTypedHeaders().AcceptLanguage.Where(l => l.Quality is not 0).OrderByDescending(l => l.Quality ?? 1))
            if (Array.Find(s_known, known => Matches(language, known)) is { } found) return found;
        return French;
    }

    /// <summary><c>Content-Language</c>, and <c>Vary</c> for whoever caches the answer.</summary>
    public static void Write(HttpResponse response, string language)
    {
        response.Headers.ContentLanguage = language;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
    }

    private static bool Matches(StringWithQualityHeaderValue language, string known) =>
        language.Value.Length >= 2 && language.Value.AsSpan(0, 2).Equals(known, StringComparison.OrdinalIgnoreCase) && (language.Value.Length == 2 || language.Value.Value![2] == '-');
}
