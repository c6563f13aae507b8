using Microsoft.AspNetCore.Http;
using Shabou.ServiceDefaults.Problems.Alerts;

namespace Shabou.ServiceDefaults.Problems;

/// <summary>An answer that refuses without a word gets a problem as its body. One that fails after it has begun can no longer become a problem:
/// its connection is closed, so that the caller does not take the part for the whole, and it counts as one all the same.</summary>
internal sealed class UnfinishedAnswers(RequestDelegate next, IProblemDetailsService problems, ProblemAlerts alerts)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception error) when (http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            alerts.Saw(ExceptionProblems.Translate(error).Type, http.TraceIdentifier, ProblemOutput.TraceIdOf(http));
            throw;
        }

        if (IsWithoutAWord(http.Response))
        {
            await problems.TryWriteAsync(new() { HttpContext = http, ProblemDetails = { Status = http.Response.StatusCode } });
        }
    }

    private static bool IsWithoutAWord(HttpResponse response) =>
        response.StatusCode is >= StatusCodes.Status400BadRequest and < 600 && !response.HasStarted && response.ContentLength is null && string.IsNullOrEmpty(response.ContentType);
}
