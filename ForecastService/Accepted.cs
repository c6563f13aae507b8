namespace Shabou.ForecastService;

/// <summary>Which form of an answer a caller wants.</summary>
internal static class Accepted
{
    /// <summary>CSV rather than JSON.</summary>
    public static bool PrefersCsv(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality("text/csv") > Quality("application/json");

        double Quality(string media) => accepted.Where(a => a.MediaType.Equals(media, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1).DefaultIfEmpty().Max();
    }
}
