using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shabou.Schema;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Forecasts;

/// <summary><c>/api/v1/products/{id}/forecast</c>: what the forecast service expects of a part; while it is away, what it said last.</summary>
internal static class ForecastEndpoints
{
    private const int LongestHorizon = 1_000;

    public static void AddForecastClient(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ForecastOptions>().BindConfiguration(ForecastOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<KeptForecasts>();
        builder.Services.AddHttpClient<ForecastClient>(client =>
        {
            client.BaseAddress = new Uri("https+http://forecast");
            client.MaxResponseContentBufferSize = ForecastClient.LargestAnswerBytes;
        });
    }

    public static RouteHandlerBuilder MapForecast(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/products/{id:guid}/forecast", GetAsync).WithTags("Products").WithName("GetProductForecast").WithSummary("What is expected of a part, fresh or as last known");

    private static async Task<Results<RenderedForecast, ProblemHttpResult>> GetAsync(
        Guid id, int? horizon, HttpContext http, ShabouContext context, ForecastClient client, KeptForecasts kept, IOptions<ForecastOptions> options,
        TimeProvider time, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        if (horizon is < 1 or > LongestHorizon) return Problem.Invalid("horizon", $"must be 1 to {LongestHorizon}.");
        if (await context.Products.Where(p => p.Id == id && p.DeletedAt == null).Select(p => p.Sku).SingleOrDefaultAsync(cancellationToken) is not { } sku)
            return Problem.NotFound("product", id);

        var call = client.AskAsync(sku, horizon, http, lifetime.ApplicationStopping);
        var reply = await InTimeAsync(call, options.Value.Patience, time, cancellationToken);
        if (reply is null) _ = KeepLateAsync(call, id, horizon, kept);

        if (reply?.Body is { } body)
        {
            await kept.KeepAsync(id, horizon, body, context, cancellationToken);
            return new RenderedForecast(body, Age: null);
        }
        if (reply?.Refusal is HttpStatusCode.NotFound) return Problem.Of(ProblemTypes.NotFound, reply.Detail);
        if (reply?.Refusal is HttpStatusCode.BadRequest) return Problem.Invalid("horizon", reply.Detail ?? "is not possible for this part.");
        if (await kept.FindAsync(id, horizon, context, cancellationToken) is { } last) return new RenderedForecast(last.Body, time.GetUtcNow() - last.FetchedAt);
        http.Response.Headers.RetryAfter = "30"; // as long as the breaker stays open
        return Problem.Of(ProblemTypes.ServiceUnavailable, "The forecast service does not answer, and it has not answered for this product before; try again later.");
    }

    // Null when it takes too long. The call is not cancelled: a cancelled call would not count as failed, and the breaker would never open.
    private static async Task<ForecastReply?> InTimeAsync(Task<ForecastReply> call, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await call.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static async Task KeepLateAsync(Task<ForecastReply> call, Guid id, int? horizon, KeptForecasts kept)
    {
        await ((Task)call).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // cancelled when the service stops
        if (call.IsCompletedSuccessfully && (await call).Body is { } body) kept.Keep(id, horizon, body);
    }
}
