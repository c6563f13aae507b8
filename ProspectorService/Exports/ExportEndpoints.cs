using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Shabou.ProspectorService.Leads;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Exports;

/// <summary><c>/api/v1/leads/export</c>: leads for a purpose.</summary>
internal static class ExportEndpoints
{
    private const string Csv = "csv";
    private const string Json = "json";

    public static void AddExports(this IHostApplicationBuilder builder)
    {
        builder.Services.AddKeyedSingleton<IExportFormat, CsvExport>(Csv);
        builder.Services.AddKeyedSingleton<IExportFormat, JsonExport>(Json);
    }

    public static void MapExports(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/leads/export", Export).WithTags("Leads").WithName("ExportLeads").RequireAuthorization(Policies.User)
            .WithSummary("The leads that match as CSV or JSON, for a purpose that is written down; what is suppressed is left out")
            .Produces<List<ExportedLead>>(StatusCodes.Status200OK, "application/json", "text/csv");

    private static Results<LeadExportResult, ProblemHttpResult> Export([AsParameters] LeadFilter filter, string? purpose, string? format, HttpRequest request)
    {
        var why = purpose?.Trim();
        if (why?.Length is not (>= LeadExport.PurposeMinLength and <= LeadExport.PurposeMaxLength))
            return Problem.Invalid("purpose", $"must say what the export is for, in {LeadExport.PurposeMinLength} to {LeadExport.PurposeMaxLength} characters.");
        if (format is not (null or "" or Csv or Json)) return Problem.Invalid("format", "must be csv or json; left out, the Accept header decides.");
        if (filter.Refuse() is { } invalid) return invalid;
        return new LeadExportResult(filter, why, string.IsNullOrEmpty(format) ? (PrefersCsv(request) ? Csv : Json) : format);
    }

    private static bool PrefersCsv(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Where(media => media.Quality is not 0).MaxBy(media => media.Quality ?? 1) is MediaTypeHeaderValue { MediaType.Value: "text/csv" };
}
