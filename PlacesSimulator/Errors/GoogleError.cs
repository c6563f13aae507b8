using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Shabou.PlacesSimulator.Errors;

/// <summary>Google's error answers: {"error": {"code", "message", "status", "details"}}.</summary>
internal static class GoogleError
{
    private const string Service = "places.googleapis.com";

    public static IResult InvalidArgument(string message, string? field = null) => Of(400, "INVALID_ARGUMENT", message, field is null ? null : new JsonObject
    {
        ["@type"] = "type.googleapis.com/google.rpc.BadRequest",
        ["fieldViolations"] = new JsonArray(new JsonObject { ["field"] = field, ["description"] = message }),
    });

    public static IResult PermissionDenied(string message, string reason) =>
        Of(403, "PERMISSION_DENIED", message, ErrorInfo(reason, new() { ["service"] = Service }));

    public static IResult NotFound(string message) => Of(404, "NOT_FOUND", message);

    public static IResult Internal() => Of(500, "INTERNAL", "Internal error encountered.");

    public static IResult Unavailable() => Of(503, "UNAVAILABLE", "The service is currently unavailable.");

    /// <summary>The quota that was passed, named in the details: a minute quota heals by itself within a minute, a day quota does not.</summary>
    public static IResult ResourceExhausted(string method, bool perDay, int limit)
    {
        var (window, unit) = perDay ? ("day", "1/d/{project}") : ("minute", "1/min/{project}");
        return Of(
            429, "RESOURCE_EXHAUSTED",
            $"Quota exceeded for quota metric '{method}Request' and limit '{method}Request per {window}' of service '{Service}' for consumer 'project_number:0'.",
            ErrorInfo("RATE_LIMIT_EXCEEDED", new()
            {
                ["service"] = Service,
                ["consumer"] = "projects/0",
                ["quota_metric"] = $"{Service}/{method}Request",
                ["quota_limit"] = $"{method}RequestPer{(perDay ? "Day" : "Minute")}PerProject",
                ["quota_limit_value"] = $"{limit}",
                ["quota_location"] = "global",
                ["quota_unit"] = unit,
            }));
    }

    private static JsonObject ErrorInfo(string reason, JsonObject metadata) => new()
    {
        ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
        ["reason"] = reason,
        ["domain"] = "googleapis.com",
        ["metadata"] = metadata,
    };

    private static JsonHttpResult<JsonObject> Of(int code, string status, string message, JsonObject? detail = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message, ["status"] = status };
        if (detail is not null) error["details"] = new JsonArray(detail);
        return TypedResults.Json(new JsonObject { ["error"] = error }, statusCode: code);
    }
}
