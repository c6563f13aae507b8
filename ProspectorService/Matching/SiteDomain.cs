using System.Globalization;

namespace Shabou.ProspectorService.Matching;

/// <summary>The domain of a site as doubles are told by: lower case, punycode, without www.</summary>
internal static class SiteDomain
{
    // Many businesses share these; having one says nothing about who it is. Their subdomains too, unlike those of site builders.
    private static readonly string[] Shared =
    [
        "facebook.com", "fb.com", "fb.me", "m.me", "instagram.com", "linkedin.com", "tiktok.com", "twitter.com", "x.com", "youtube.com", "youtu.be", "whatsapp.com", "wa.me",
        "t.me", "linktr.ee", "bit.ly", "goo.gl", "g.page", "google.com", "google.tn", "waze.com", "apple.com", "yelp.com", "foursquare.com", "tripadvisor.com",
        "tayara.tn", "automobile.tn", "pagesjaunes.com.tn", "pagesjaunes.tn", "jumia.com.tn", "gmail.com", "yahoo.com", "yahoo.fr", "hotmail.com", "hotmail.fr", "outlook.com",
        "outlook.fr", "live.com", "live.fr", "icloud.com", "topnet.tn", "planet.tn", "gnet.tn", "hexabyte.tn", "globalnet.tn",
    ];

    /// <param name="uri">An absolute http or https address.</param>
    /// <returns>Null when it has no domain of its own.</returns>
    public static string? OfSite(string? uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var site) && site.HostNameType == UriHostNameType.Dns ? Normalise(site.IdnHost) : null;

    /// <param name="domain">With or without www, in any case.</param>
    /// <returns>Null for what is no domain, and for one that many share.</returns>
    public static string? Normalise(string? domain) => Bare(domain) is { } own && !Shared.Any(shared => own == shared || own.EndsWith($".{shared}", StringComparison.Ordinal)) ? own : null;

    /// <summary>The same without asking whether many share it.</summary>
    public static string? Bare(string? domain)
    {
        var bare = domain?.Trim().TrimEnd('.');
        if (string.IsNullOrEmpty(bare) || bare.Length > 253) return null;
        try
        {
            bare = new IdnMapping().GetAscii(bare).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
        if (bare.StartsWith("www.", StringComparison.Ordinal)) bare = bare[4..];
        return bare.Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(bare) == UriHostNameType.Dns ? bare : null;
    }
}
