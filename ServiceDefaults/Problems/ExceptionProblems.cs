using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Shabou.ServiceDefaults.Problems;

/// <summary>Turns an exception that nobody handled into a problem that says who must act. What happened stays in the log.</summary>
internal sealed partial class ExceptionProblems(IProblemDetailsService problems, ILogger<ExceptionProblems> logger) : IExceptionHandler
{
    private const string RetryAfterSeconds = "5";
    private const string NotText = "A value has a character that text cannot have, such as U+0000 or half of a surrogate pair; leave it out.";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest; // nobody is left to read an answer
            return true;
        }

        var (type, detail) = Translate(exception);
        Log(type, exception);
        if (type.Status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        httpContext.Response.StatusCode = type.Status;
        detail ??= type == ProblemTypes.DatabaseUnavailable ? DatabaseProblems.DetailOf(exception, httpContext.Request.Method, RetryAfterSeconds) : null;
        return await problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = Problem.Details(type, detail) });
    }

    internal static (ProblemType Type, string? Detail) Translate(Exception exception) => exception switch
    {
        BadHttpRequestException bad => (ProblemTypes.ForStatus(bad.StatusCode), DetailOf(bad)),
        JsonException json => (ProblemTypes.BadRequest, DetailOf(json)),

        // By name: this project does not know EF Core, and services without a database should not carry it.
        { } stale when stale.GetType().Name == "DbUpdateConcurrencyException" => (ProblemTypes.StaleVersion, null),
        TimeoutRejectedException => (ProblemTypes.UpstreamTimeout, null),
        BrokenCircuitException or HttpRequestException => (ProblemTypes.UpstreamFailed, null),
        ExecutionRejectedException => (ProblemTypes.ServiceUnavailable, null),
        EncoderFallbackException => (ProblemTypes.BadRequest, NotText),
        _ when DatabaseProblems.ErrorIn(exception) is { SqlState: "22021" or "22P05" } => (ProblemTypes.BadRequest, NotText),
        _ when DatabaseProblems.ErrorIn(exception) is { } database => (DatabaseProblems.TypeOf(database), null),
        _ => (ProblemTypes.Unexpected, null),
    };

    // The framework's messages name .NET types; only the name of the parameter or member is taken from them.
    private static string? DetailOf(BadHttpRequestException bad) => bad.InnerException is JsonException json
        ? DetailOf(json)
        : bad.StatusCode == StatusCodes.Status413PayloadTooLarge
            ? $"A request body may have {Limits.RequestLimits.MaxBodyBytes:N0} bytes at most."
            : ParameterName().Match(bad.Message) is { Success: true } match
                ? $"The value of '{JsonNamingPolicy.CamelCase.ConvertName(match.Groups["name"].Value)}' is missing or cannot be read."
                : null;

    private static string DetailOf(JsonException json) => json.Path is { } path
        ? $"The JSON body is not as expected at {path}, line {json.LineNumber + 1}."
        : "The body is not valid JSON.";

    private void Log(ProblemType type, Exception exception)
    {
        if (type == ProblemTypes.Unexpected)
        {
            LogUnexpected(exception);
        }
        else if (type.Status >= StatusCodes.Status500InternalServerError)
        {
            LogDependency(type.Kind, exception);
        }
        else
        {
            LogRefused(type.Kind, exception.Message);
        }
    }

    [GeneratedRegex("parameter \"\\S+ (?<name>\\w+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex ParameterName();

    [LoggerMessage(LogLevel.Error, "The request failed unexpectedly")]
    private partial void LogUnexpected(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The request failed as {Kind}")]
    private partial void LogDependency(string kind, Exception exception);

    [LoggerMessage(LogLevel.Information, "The request was refused as {Kind}: {Reason}")]
    private partial void LogRefused(string kind, string reason);
}
