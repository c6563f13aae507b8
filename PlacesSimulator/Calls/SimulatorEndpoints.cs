using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.PlacesSimulator.Access;
using Shabou.PlacesSimulator.Quotas;

namespace Shabou.PlacesSimulator.Calls;

/// <summary>Which wrong answer to give, to how many of the next calls.</summary>
internal sealed record FaultRequest(Fault Answer, int Count = 1);

/// <summary>What Google does not have: the count of calls, faults for tests, and a fresh start.</summary>
internal static class SimulatorEndpoints
{
    public static void MapSimulator(this IEndpointRouteBuilder routes)
    {
        var simulator = routes.MapGroup("/simulator").WithTags("Simulator").AddEndpointFilter<ApiKeyFilter>();
        simulator.MapGet("/calls", (CallLog calls) => TypedResults.Ok(calls.Read())).WithName("GetCalls");
        simulator.MapPost("/faults", AddFaultsAsync).WithName("AddFaults");
        simulator.MapPost("/reset", Reset).WithName("ResetSimulator");
    }

    // The body is read here and not by model binding, which would come before the key is checked.
    private static async Task<IResult> AddFaultsAsync(HttpRequest http, Faults faults, CancellationToken cancellationToken)
    {
        FaultRequest? request = null;
        try
        {
            request = await http.ReadFromJsonAsync<FaultRequest>(cancellationToken);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Not JSON, or an unknown fault: refused below together with a missing body.
        }
        if (request is not { Count: >= 1 and <= Faults.Most })
        {
            var known = string.Join(", ", Enum.GetNames<Fault>());
            return TypedResults.Problem($"Send JSON {{\"answer\", \"count\"}}: answer one of {known}, count 1 to {Faults.Most}.", statusCode: 400, type: "/problems/validation");
        }
        faults.Add(request.Answer, request.Count);
        return TypedResults.Ok(new { waiting = faults.Waiting });
    }

    private static NoContent Reset(CallLog calls, Faults faults, CallQuotas quotas)
    {
        faults.Clear();
        quotas.Reset();
        calls.Reset();
        return TypedResults.NoContent();
    }
}
