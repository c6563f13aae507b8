using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Problems.Alerts;
using ProblemDetails = Microsoft.AspNetCore.Mvc.ProblemDetails;

namespace Shabou.ServiceDefaults.Problems;

/// <summary>Every error answer is a problem of a known type with the request's id, its trace id and a category.</summary>
internal static class ProblemOutput
{
    private const string TraceId = "traceId";

    public static void AddProblems(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IProblemDetailsWriter, AnyClientWriter>(); // before the framework's, which asks it first
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context => Complete(context.HttpContext, context.ProblemDetails));
        builder.Services.AddExceptionHandler<ExceptionProblems>();
        builder.AddProblemAlerts();
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseMiddleware<UnfinishedAnswers>();
    }

    internal static ProblemType Complete(HttpContext http, ProblemDetails problem)
    {
        var type = ProblemTypes.ForUri(problem.Type);
        if (type is null)
        {
            type = problem is HttpValidationProblemDetails or Microsoft.AspNetCore.Mvc.ValidationProblemDetails
                ? ProblemTypes.Validation
                : ProblemTypes.ForStatus(problem.Status ?? http.Response.StatusCode);
            (problem.Type, problem.Title) = (type.Uri, type.Title);
        }

        problem.Status ??= type.Status;
        problem.Extensions["category"] = type.Category;
        problem.Extensions["requestId"] = http.TraceIdentifier;
        problem.Extensions[TraceId] = TraceIdOf(http);
        return type;
    }

    internal static string? TraceIdOf(HttpContext http) =>
        (Activity.Current ?? http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpActivityFeature>()?.Activity)?.TraceId.ToHexString();

    /// <summary>Writes problems whatever the caller accepts: an error page of another kind would tell it nothing.</summary>
    private sealed class AnyClientWriter(IOptions<JsonOptions> json, ProblemAlerts alerts) : IProblemDetailsWriter
    {
        public bool CanWrite(ProblemDetailsContext context) => true;

        public ValueTask WriteAsync(ProblemDetailsContext context)
        {
            var type = Complete(context.HttpContext, context.ProblemDetails);
            alerts.Saw(type, context.HttpContext.TraceIdentifier, context.ProblemDetails.Extensions[TraceId] as string);
            context.HttpContext.Response.StatusCode = context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode;
            return new ValueTask(context.HttpContext.Response.WriteAsJsonAsync(
                context.ProblemDetails, context.ProblemDetails.GetType(), json.Value.SerializerOptions, "application/problem+json"));
        }
    }
}
