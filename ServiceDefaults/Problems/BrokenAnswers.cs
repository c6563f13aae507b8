using Microsoft.AspNetCore.Http;
using Shabou.ServiceDefaults.Problems.Alerts;

namespace Shabou.ServiceDefaults.Problems;

/// <summary>An answer that fails after it has begun can no longer become a problem: its connection is closed, so that the caller does not take
/// the part for the whole. It counts as one all the same.</summary>
internal sealed class BrokenAnswers(RequestDelegate next, ProblemAlerts alerts)
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
    }
}
