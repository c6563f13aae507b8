using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shabou.ServiceDefaults.Outages;

/// <summary>Requests that wait for a database that hangs end with 503, so that they hold neither their callers nor threads for as long as it hangs.</summary>
public static class Outages
{
    /// <summary>A request that comes while it hangs gets so long: it may need nothing of the database.</summary>
    private static readonly TimeSpan WhileItHangs = TimeSpan.FromSeconds(1);

    /// <summary>Asks the database every second whether it is there.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="ask">A question that costs it nothing, on a connection that nobody waits for.</param>
    public static void AddDatabasePulse(this WebApplicationBuilder builder, Func<IServiceProvider, CancellationToken, Task> ask)
    {
        builder.Services.AddSingleton(services => new DatabasePulse(token => ask(services, token), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<DatabasePulse>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<DatabasePulse>());
    }

    internal static void UseOutages(this WebApplication app)
    {
        if (app.Services.GetService<DatabasePulse>() is { } pulse) app.Use((http, next) => EndInTimeAsync(http, next, pulse));
    }

    private static async Task EndInTimeAsync(HttpContext http, RequestDelegate next, DatabasePulse pulse)
    {
        if (Health.HealthEndpoints.IsHealthPath(http.Request.Path))
        {
            await next(http);
            return;
        }

        var (aborted, hangs) = (http.RequestAborted, pulse.Hangs);
        using var request = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        http.RequestAborted = request.Token;
        if (hangs.IsCancellationRequested) request.CancelAfter(WhileItHangs);
        // Each for itself: the driver tries for some seconds to tell the database, on the thread that cancels.
        await using var registration = hangs.IsCancellationRequested ? default : hangs.UnsafeRegister(static ended => ThreadPool.UnsafeQueueUserWorkItem(End, (CancellationTokenSource)ended!, preferLocal: false), request);
        try
        {
            await next(http);
        }
        catch (Exception error) when (error is OperationCanceledException && request.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            throw new DatabaseHangsException(error);
        }
        finally
        {
            http.RequestAborted = aborted;
        }
    }

    private static void End(CancellationTokenSource request)
    {
        try
        {
            request.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // answered meanwhile
        }
    }

    /// <summary>A database's error without a state: nobody answered.</summary>
    private sealed class DatabaseHangsException(Exception inner) : DbException("The database hangs.", inner);
}
