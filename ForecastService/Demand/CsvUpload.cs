using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Demand;

/// <summary>What all uploads of CSV have in common: media type, limits, and how wrong rows are told.</summary>
internal static class CsvUpload
{
    /// <param name="request">CSV, gzip or not.</param>
    /// <param name="body">Opens it within the limits.</param>
    /// <param name="import">Reads and stores it: the outcome, or what is wrong with its rows.</param>
    /// <param name="alsoJson">Let JSON through too.</param>
    public static async Task<Results<Ok<T>, ProblemHttpResult>> RunAsync<T>(
        HttpRequest request, DemandBody body, Func<Stream, Task<(T? Imported, RowErrors Errors)>> import, bool alsoJson = false)
        where T : class
    {
        if (ReadDemand.IsCsv(request) is not { } isCsv || !(isCsv || alsoJson))
            return Problem.Of(ProblemTypes.UnsupportedMedia, alsoJson ? "Send text/csv or application/json." : "Send text/csv.");
        if (RefuseEncoding(request) is { } refusal) return refusal;
        try
        {
            await using var stream = await body.OpenAsync(request, request.HttpContext.RequestAborted);
            var (imported, errors) = await import(stream);
            if (imported is not null) return TypedResults.Ok(imported);
            return errors.Count > 0 ? Refuse(errors) : Problem.Of(ProblemTypes.Validation, "There is no row in it.");
        }
        catch (DemandTooLargeException error)
        {
            return Problem.Of(ProblemTypes.TooLarge, error.Message);
        }
        catch (DemandUnreadableException error)
        {
            return Problem.Of(ProblemTypes.BadRequest, error.Message);
        }
    }

    public static ProblemHttpResult? RefuseEncoding(HttpRequest request) => request.Headers.ContentEncoding.ToString() is "" or "gzip" or "GZIP" or "identity"
        ? null
        : Problem.Of(ProblemTypes.UnsupportedMedia, "The Content-Encoding must be gzip, or absent.");

    public static ProblemHttpResult Refuse(RowErrors errors)
    {
        var problem = Problem.Of(ProblemTypes.Validation, string.Create(CultureInfo.InvariantCulture,
            $"{errors.Count} rows or values are wrong, the first in line {errors.First[0].Line}: {errors.First[0].Message} Nothing was changed."));
        problem.ProblemDetails.Extensions["rowErrors"] = errors.First;
        problem.ProblemDetails.Extensions["rowErrorCount"] = errors.Count;
        return problem;
    }
}
