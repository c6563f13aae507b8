using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Shabou.Gateway.Identity;

namespace Shabou.Gateway.Cors;

/// <summary>Which pages may call from a browser. Only the gateway says so; what services say of it is dropped (Routing/AnswerTransform.cs).</summary>
internal static class Origins
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    private static readonly string[] Sent =
    [
        HeaderNames.Authorization, HeaderNames.ContentType, HeaderNames.IfMatch, HeaderNames.IfNoneMatch, ApiKeys.Header, "Idempotency-Key", "X-Request-ID", "traceparent",
    ];

    private static readonly string[] Read =
    [
        "X-Request-ID", "RateLimit", "RateLimit-Policy", "RateLimit-Degraded", HeaderNames.RetryAfter, HeaderNames.ETag, HeaderNames.Location, HeaderNames.Link, "Data-As-Of",
    ];

    /// <summary>For how long a browser need not ask again; some allow two hours at most.</summary>
    private static readonly TimeSpan PreflightHolds = TimeSpan.FromHours(2);

    internal static void AddOrigins(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<OriginOptions>()
            .Configure<IConfiguration>((origins, configuration) => origins.Read(configuration.GetSection(OriginOptions.Section)))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<OriginOptions>, OriginRules>();
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<IOptions<OriginOptions>>((cors, origins) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. origins.Value.Origins]).AllowCredentials()
            .WithMethods(Methods).WithHeaders(Sent).WithExposedHeaders(Read).SetPreflightMaxAge(PreflightHolds)));
    }

    /// <summary>Answers preflights by itself: they have no key, and touch neither Redis nor a service. Every answer, errors too, says that it
    /// depends on the origin, else a cache would give one page's answer to another.</summary>
    internal static IApplicationBuilder UseOrigins(this IApplicationBuilder app) => app
        .Use(static (http, next) =>
        {
            http.Response.OnStarting(static state =>
            {
                var headers = ((HttpResponse)state).Headers;
                if (!headers.GetCommaSeparatedValues(HeaderNames.Vary).Contains(HeaderNames.Origin, StringComparer.OrdinalIgnoreCase))
                    headers.Append(HeaderNames.Vary, HeaderNames.Origin);
                return Task.CompletedTask;
            }, http.Response);
            return next(http);
        })
        .UseCors();
}
