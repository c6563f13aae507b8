using Shabou.PlacesSimulator.Quotas;

namespace Shabou.PlacesSimulator.Calls;

/// <summary>What every call to a Google method passes: it is counted, then a fault or a quota may answer it. The key is checked between.</summary>
internal static class CallFilter
{
    /// <summary>Counts the calls of a method; put it first, so that refused calls count too.</summary>
    public static RouteHandlerBuilder Counted(this RouteHandlerBuilder route, string method) =>
        route.AddEndpointFilter(async (context, next) =>
        {
            var calls = context.HttpContext.RequestServices.GetRequiredService<CallLog>();
            calls.Arrive(method);
            var answer = await next(context);
            calls.Answer(method, (answer as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK);
            return answer;
        });

    /// <summary>Answers with a fault or a quota error when one is due; put it after the key check.</summary>
    public static RouteHandlerBuilder Limited(this RouteHandlerBuilder route, string method) =>
        route.AddEndpointFilter(async (context, next) =>
        {
            var services = context.HttpContext.RequestServices;
            return services.GetRequiredService<CallQuotas>().Take(method)
                ?? await services.GetRequiredService<Faults>().TakeAsync(method, context.HttpContext.RequestAborted)
                ?? await next(context);
        });
}
