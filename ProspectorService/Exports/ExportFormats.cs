using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Shabou.ProspectorService.Exports;

/// <summary>How exported leads are written, batch by batch.</summary>
internal interface IExportFormat
{
    Task WriteAsync(IAsyncEnumerable<IReadOnlyList<ExportedLead>> batches, HttpResponse response, CancellationToken cancellationToken);
}

/// <summary>A table for spreadsheets. Texts that one would run as a formula get an apostrophe in front, phones with their plus among them.</summary>
internal sealed class CsvExport : IExportFormat
{
    private static readonly CsvWriterOptions s_options = CsvWriterOptions.Default with { Injection = CsvInjection.Escape, WriteByteOrderMark = true }; // Excel takes it for UTF-8 only so
    private static readonly string[] s_head =
    [
        "id", "place_ids", "name", "stage", "owner", "governorate", "score", "score_reasons", "notes", "follow_up_on", "phones", "emails", "first_seen_at", "last_seen_at",
        "google_name", "google_address", "google_phone", "google_website", "google_rating", "google_business_status", "google_expires_at",
    ];

    public async Task WriteAsync(IAsyncEnumerable<IReadOnlyList<ExportedLead>> batches, HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=leads.csv";
        var csv = CsvWriter.Create(response.Body, s_options, leaveOpen: true);
        await csv.WriteRecordAsync(s_head, cancellationToken);
        await foreach (var batch in batches.WithCancellation(cancellationToken))
            foreach (var lead in batch) await csv.WriteRecordAsync(Fields(lead), cancellationToken);
        await csv.DisposeAsync(); // writes the rest; not on the way out of a failure
    }

    private static string[] Fields(ExportedLead lead) =>
    [
        lead.Id.ToString(), string.Join(' ', lead.PlaceIds), lead.Name ?? "", JsonNamingPolicy.CamelCase.ConvertName(lead.Stage.ToString()), lead.Owner ?? "", lead.Governorate,
        Text(lead.Score), string.Join(' ', lead.Reasons), lead.Notes ?? "", Text(lead.FollowUpOn), string.Join(' ', lead.Phones), string.Join(' ', lead.Emails),
        Text(lead.FirstSeenAt), Text(lead.LastSeenAt),
        lead.Google?.Name ?? "", lead.Google?.Address ?? "", lead.Google?.InternationalPhone ?? "", lead.Google?.Website ?? "", Text(lead.Google?.Rating),
        lead.Google?.BusinessStatus ?? "", Text(lead.Google?.ExpiresAt),
    ];

    private static string Text(IFormattable? value) => value switch
    {
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        null => "",
        _ => value.ToString(null, CultureInfo.InvariantCulture),
    };
}

/// <summary>An array, a line per lead.</summary>
internal sealed class JsonExport(IOptions<JsonOptions> json) : IExportFormat
{
    private static readonly byte[] s_start = "[\n"u8.ToArray();
    private static readonly byte[] s_between = ",\n"u8.ToArray();
    private static readonly byte[] s_end = "\n]\n"u8.ToArray();

    public async Task WriteAsync(IAsyncEnumerable<IReadOnlyList<ExportedLead>> batches, HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=leads.json";
        var (body, before) = (response.BodyWriter, s_start);
        await foreach (var batch in batches.WithCancellation(cancellationToken))
        {
            foreach (var lead in batch)
            {
                await body.WriteAsync(before, cancellationToken);
                await body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(lead, json.Value.SerializerOptions), cancellationToken);
                before = s_between;
            }
        }
        if (before == s_start) await body.WriteAsync(s_start, cancellationToken);
        await body.WriteAsync(s_end, cancellationToken);
    }
}
