using System.Globalization;
using Shabou.Schema.Reporting;

namespace Shabou.ForecastService;

/// <summary>Says of which moment a report is, when that is longer ago than <c>Reporting:MaxLag</c>.</summary>
internal static class ReportAge
{
    /// <summary>An RFC 3339 time.</summary>
    public const string Header = "Data-As-Of";

    public static async Task SayAsync(HttpContext http, ReportingContext reporting, CancellationToken cancellationToken)
    {
        if (await reporting.AsOfAsync(cancellationToken) is { } asOf) http.Response.Headers[Header] = asOf.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }
}
