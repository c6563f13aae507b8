using System.Globalization;
using Shabou.OpenApi;
using Shabou.Schema.Reporting;

namespace Shabou.ForecastService;

/// <summary>Says of which moment a report is, when that is longer ago than <c>Reporting:MaxLag</c>.</summary>
internal static class ReportAge
{
    /// <summary>An RFC 3339 time.</summary>
    public const string Header = "Data-As-Of";

    private static readonly AnswerHeader s_description = new(Header, "There when the rows are older than a few seconds, as while the database is being repaired: the moment they are of.", "date-time");

    /// <summary>Tells clients that the endpoint's answers may say so.</summary>
    public static TBuilder WithReportAge<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithAnswerHeader(s_description);

    public static async Task SayAsync(HttpContext http, ReportingContext reporting, CancellationToken cancellationToken)
    {
        if (await reporting.AsOfAsync(cancellationToken) is { } asOf) http.Response.Headers[Header] = asOf.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }
}
