using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ProblemDetails = Microsoft.AspNetCore.Mvc.ProblemDetails;

namespace Shabou.ServiceDefaults.Problems;

/// <summary>Every error answer is a problem of a known type with the request's id, its trace id and a category.</summary>
internal static class ProblemOutput
{
    public static void AddProblems(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IProblemDetailsWriter, AnyClientWriter>(); // before the framework's, which asks it first
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context => Complete(context.HttpContext, context.ProblemDetails));
        builder.Services.AddExceptionHandler<ExceptionProblems>();
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(); // turns answers without a body into problems
    }

    internal static void Complete(HttpContext http, ProblemDetails problem)
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
        problem.Extensions["traceId"] = (Activity.Current ?? http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpActivityFeature>()?.Activity)?.TraceId.ToHexString();
    }

    /// <summary>Writes problems whatever the caller accepts: an error page of another kind would tell it nothing.</summary>
    private sealed class AnyClientWriter(IOptions<JsonOptions> json) : IProblemDetailsWriter
    {
        public bool CanWrite(ProblemDetailsContext context) => true;

        public ValueTask WriteAsync(ProblemDetailsContext context)
        {
            Complete(context.HttpContext, context.ProblemDetails);
            context.HttpContext.Response.StatusCode = context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode;
            return new ValueTask(context.HttpContext.Response.WriteAsJsonAsync(
                context.ProblemDetails, context.ProblemDetails.GetType(), json.Value.SerializerOptions, "application/problem+json"));
        }
    }
}
