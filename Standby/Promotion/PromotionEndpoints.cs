using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;
using Shabou.Standby.Supervision;

namespace Shabou.Standby.Promotion;

/// <summary><c>/state</c>: what the pair is like. <c>/promotion</c>: make the standby the primary. <c>/rejoin</c>: make the old primary a standby.
/// <c>/copy</c>: make the standby anew.</summary>
internal static class PromotionEndpoints
{
    public static void MapPromotion(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/state", (Supervisor supervisor) => TypedResults.Ok(supervisor.Report)).WithName("GetState");
        var orders = routes.MapGroup("/").RequireOrderKey("X-Standby-Key", "Standby:Key", routes.ServiceProvider.GetRequiredService<IOptions<StandbyOptions>>().Value.Key);
        orders.MapPost("/promotion", PromoteAsync).WithName("Promote");
        orders.MapPost("/rejoin", RejoinAsync).WithName("Rejoin");
        orders.MapPost("/copy", CopyAsync).WithName("Copy");
    }

    private static async Task<Results<Ok<string>, ProblemHttpResult>> RejoinAsync(string data, Rejoin rejoin, CancellationToken cancellationToken) =>
        await rejoin.RunAsync(data, cancellationToken) is { } objection ? Problem.Of(ProblemTypes.Conflict, objection) : TypedResults.Ok("Start the server that was the primary; it is a standby now.");

    private static async Task<Results<Ok<string>, ProblemHttpResult>> CopyAsync(Rejoin rejoin, CancellationToken cancellationToken) =>
        await rejoin.CopyAgainAsync(cancellationToken) is { } objection ? Problem.Of(ProblemTypes.Conflict, objection) : TypedResults.Ok("The standby has been made anew.");

    private static async Task<Results<Ok<PromotionAnswer>, Conflict<PromotionAnswer>>> PromoteAsync(Promote promote, CancellationToken cancellationToken, bool acceptLoss = false)
    {
        var answer = await promote.RunAsync(acceptLoss, cancellationToken);
        return answer.Promoted ? TypedResults.Ok(answer) : TypedResults.Conflict(answer);
    }
}
