using Shabou.PlacesSimulator.Places;
using Shabou.PlacesSimulator.Quotas;

namespace Shabou.PlacesSimulator.Calls;

/// <summary>What every call to a Google method passes: it is written down, then a quota or a fault may answer it. The key is checked between.</summary>
internal static class CallFilter
{
    /// <summary>Writes the calls of a method down; put it first, so that refused calls count too.</summary>
    public static RouteHandlerBuilder Counted(this RouteHandlerBuilder route, string method) =>
        route.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var call = http.RequestServices.GetRequiredService<CallLog>().Arrive(method, http.Request.Headers);
            http.Features.Set(call);
            var answer = await next(context);
            if (answer is not CutConnection) call.Status = (answer as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
            return answer;
        });

    /// <summary>Answers with a quota error or a fault when one is due; put it after the key check.</summary>
    public static RouteHandlerBuilder Limited(this RouteHandlerBuilder route, string method) =>
        route.AddEndpointFilter(async (context, next) =>
        {
            var (http, services) = (context.HttpContext, context.HttpContext.RequestServices);
            if (services.GetRequiredService<CallQuotas>().Take(method) is { } refused) return refused;
            var fault = services.GetRequiredService<Faults>().Deal();
            http.Features.Get<LoggedCall>()!.Fault = fault.Answer;
            http.Features.Set(fault.Places);
            return await services.GetRequiredService<FaultAnswers>().AnswerAsync(fault, method, http.RequestAborted) ?? await next(context);
        });

    /// <summary>What is wrong with the places in this call's answer.</summary>
    public static PlaceFaults PlaceFaults(this HttpContext http) => http.Features.Get<PlaceFaults>()!;
}
