using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Shabou.OpenApi;
using Shabou.ProspectorService.Leads;

namespace Shabou.ProspectorService.OpenApi;

/// <summary>What the OpenAPI document of the prospector says beyond what follows from its endpoints.</summary>
internal static class ProspectorDescription
{
    public static void AddProspectorDescription(this IHostApplicationBuilder builder)
    {
        builder.AddDescription(s_prospector);
        builder.Services.AddOpenApi(options =>
        {
            options.Describe();
            options.AddSchemaTransformer(ChangeAsync);
        });
    }

    // A change is sent as the value itself, or as null.
    private static async Task ChangeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(Change<>)) return;
        var value = await context.GetOrCreateSchemaAsync(type.GetGenericArguments()[0], cancellationToken: cancellationToken);
        (schema.Type, schema.Format, schema.Enum) = ((value.Type ?? JsonSchemaType.String) | JsonSchemaType.Null, value.Format, value.Enum);
    }

    private static readonly ServiceDescription s_prospector = new("Shabou prospector",
        "Businesses that may become customers: found by campaigns within a budget, followed up as leads, never those that asked to be left alone.")
    {
        Parameters = new Dictionary<string, string>
        {
            ["contact"] = "The contact's id, a UUID.",
            ["campaign"] = "Only leads that this campaign found, by its id.",
            ["stage"] = "Only leads in this stage: new, contacted, qualified, offered, customer or lost.",
            ["owner"] = "Only leads that this person works on, as the lead writes it.",
            ["governorate"] = "Only leads of this governorate, by code or name, or of a campaign's location as the lead writes it.",
            ["minScore"] = "Only leads with at least this score, 0 to 100.",
            ["dueBy"] = "Only leads to be followed up on this day or before.",
            ["q"] = "Part of our name, of the notes, or of Google's name while that may be kept.",
            ["sort"] = "found (default): the first found first; score: the best first.",
            ["purpose"] = "What the export is for; it is written down.",
            ["format"] = "csv or json; left out, the Accept header decides.",
            ["ListSuppressions.kind"] = "Only phone, email, domain or placeId.",
            ["RemoveSuppression.reason"] = "Why, 3 to 200 characters; the audit keeps it.",
        },
        Examples = new Dictionary<string, string>
        {
            ["name"] = "\"Garages de Sfax\"", ["locations"] = "[\"Sfax\", \"Sakiet Ezzit\"]", ["queries"] = "[\"garage automobile\"]", ["governorates"] = "null", ["grid"] = "null", ["preset"] = "null",
            ["pagesPerQuery"] = "1", ["languageCode"] = "\"fr\"", ["schedule"] = "\"off\"", ["scheduleReason"] = "null", ["stopReason"] = "null", ["duePeriod"] = "null", ["retryAt"] = "null",
            ["kind"] = "\"phone\"", ["value"] = "\"+216 74 123 456\"", ["source"] = "\"business card\"", ["personName"] = "null", ["givenAt"] = "\"2026-01-15T09:00:00Z\"", ["how"] = "\"signed form\"",
            ["reason"] = "\"asked not to be called again\"", ["stage"] = "\"contacted\"", ["stageReason"] = "\"met at the counter\"", ["owner"] = "\"Amel\"", ["notes"] = "\"Wants brake pads by the box.\"",
            ["followUpOn"] = "\"2026-12-01\"", ["killed"] = "false", ["callsPerDay"] = "100", ["callsPerMonth"] = "3000", ["microsPerMonth"] = "100000000", ["until"] = "null",
            ["placeId"] = "\"ChIJN1t_tDeuEmsRUsoyG83frY4\"", ["governorate"] = "\"Sfax\"", ["severity"] = "\"info\"", ["what"] = "\"killed\"", ["by"] = "\"system\"",
        },
    };
}
