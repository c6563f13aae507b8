using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shabou.ServiceDefaults.Health;

namespace Shabou.ServiceDefaults.Outages;

/// <summary>Requests that wait for a database that hangs end with 503, so that they hold neither their callers nor threads for as long as it hangs.</summary>
public static class Outages
{
    /// <summary>Asks the database whether it is there when a request takes its time.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="ask">A question that costs it nothing, on a connection that nobody waits for; false when nobody answers in some seconds.</param>
    /// <param name="mayEnd">Requests that end while the database hangs. Default: all.</param>
    public static void AddDatabasePulse(this WebApplicationBuilder builder, Func<IServiceProvider, CancellationToken, Task<bool>> ask, Func<HttpContext, bool>? mayEnd = null)
    {
        builder.Services.AddSingleton(services => new DatabasePulse(
            token => ask(services, token), mayEnd ?? (_ => true), new RequestsUnderWay(services.GetRequiredService<TimeProvider>()),
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<DatabasePulse>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<DatabasePulse>());
    }

    internal static void UseOutages(this WebApplication app)
    {
        if (app.Services.GetService<DatabasePulse>() is { } pulse) app.Use((http, next) => EndInTimeAsync(http, next, pulse));
    }

    private static async Task EndInTimeAsync(HttpContext http, RequestDelegate next, DatabasePulse pulse)
    {
        if (HealthEndpoints.IsHealthPath(http.Request.Path))
        {
            await next(http); // its checks have a time of their own, and need not say why they fail
            return;
        }

        var aborted = http.RequestAborted;
        await using var request = pulse.Enter(http);
        http.RequestAborted = request.Token;
        var answer = new AnswerWatch(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), () =>
        {
            request.Answers();
            http.RequestAborted = aborted;
        });
        http.Features.Set<IHttpResponseBodyFeature>(answer);
        try
        {
            await next(http);
        }
        catch (OperationCanceledException ended) when (request.WasEnded && !aborted.IsCancellationRequested)
        {
            throw new DatabaseHangsException(ended);
        }
        finally
        {
            http.RequestAborted = aborted;
            http.Features.Set(answer.Watched);
        }
    }

    /// <summary>A database's error without a state: nobody answered.</summary>
    private sealed class DatabaseHangsException(Exception inner) : DbException("The database hangs.", inner);
}
