using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.PlacesSimulator.Access;
using Shabou.PlacesSimulator.Quotas;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.PlacesSimulator.Calls;

/// <summary>What Google does not have: the log of calls, faults and quotas for tests, and a fresh start.</summary>
internal static class SimulatorEndpoints
{
    private const int LargestPage = 10_000;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static void MapSimulator(this IEndpointRouteBuilder routes)
    {
        var simulator = routes.MapGroup("/simulator").WithTags("Simulator").AddEndpointFilter<ApiKeyFilter>();
        simulator.MapGet("/calls", (CallLog calls) => TypedResults.Ok(calls.Count())).WithName("CountCalls").WithSummary("How many calls came, by day, method and status");
        simulator.MapGet("/calls/log", ReadLog).WithName("ListCalls").WithSummary("Every call in order");
        simulator.MapGet("/faults", (Faults faults) => TypedResults.Ok(View(faults))).WithName("GetFaults").WithSummary("The faults that are on");
        simulator.MapPost("/faults", AddFaultsAsync).WithName("AddFaults").WithSummary("Gets the next calls wrong, or a share of all");
        simulator.MapPut("/quotas", SetQuotasAsync).WithName("SetQuotas").WithSummary("Sets the quotas until the next reset");
        simulator.MapPost("/reset", ResetAsync).WithName("ResetSimulator").WithSummary("Forgets calls, faults and quotas");
    }

    private static Results<Ok<CallPage>, ProblemHttpResult> ReadLog(CallLog calls, int after = 0, int size = 1_000) =>
        after >= 0 && size is >= 1 and <= LargestPage
            ? TypedResults.Ok(calls.Read(after, size))
            : Problem.Invalid("size", $"after must not be negative, and size must be 1 to {LargestPage}.");

    private static async Task<Results<Ok<FaultView>, ProblemHttpResult>> AddFaultsAsync(HttpRequest http, Faults faults, CancellationToken cancellationToken)
    {
        if (await ReadAsync<FaultRequest>(http, cancellationToken) is not { } request)
            return Problem.Invalid("answer", $"Send JSON {{\"answer\", \"count\" or \"percent\"}}: answer one of {string.Join(", ", Enum.GetNames<Fault>())}.");
        if (request.Problem() is { } problem) return Problem.Invalid("answer", problem);
        var delay = TimeSpan.FromMilliseconds(request.Milliseconds);
        if (request.Percent is not { } percent) faults.Add(request.Answer, request.Count ?? 1, delay);
        else if (!faults.TryShare(request.Answer, percent, delay)) return Problem.Invalid("percent", "The shares of all faults together must not pass 100; lower another one first.");
        return TypedResults.Ok(View(faults));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SetQuotasAsync(HttpRequest http, CallQuotas quotas, CancellationToken cancellationToken)
    {
        var request = await ReadAsync<QuotaRequest>(http, cancellationToken) ?? new(0, 0);
        if (request.Problem() is { } problem) return Problem.Invalid("quotas", problem);
        quotas.Set(request.CallsPerMinute, request.CallsPerDay);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ResetAsync(
        HttpRequest http, CallLog calls, Faults faults, FaultAnswers answers, CallQuotas quotas, CancellationToken cancellationToken)
    {
        var request = http.ContentLength is null or 0 ? new() : await ReadAsync<ResetRequest>(http, cancellationToken);
        if (request is null) return Problem.Invalid("seed", "Send nothing, or JSON {\"seed\"}: a whole number.");
        faults.Reset(request.Seed);
        answers.Reset();
        quotas.Reset();
        calls.Reset();
        return TypedResults.NoContent();
    }

    private static FaultView View(Faults faults)
    {
        var (next, percent) = faults.Read();
        return new(next.Values.Sum(), next, percent);
    }

    /// <summary>The body; null when it is none. It is read here and not by model binding, which would come before the key is checked.</summary>
    private static async Task<T?> ReadAsync<T>(HttpRequest http, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return await http.ReadFromJsonAsync<T>(Strict, cancellationToken);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null; // refused by the caller, with what to send
        }
    }
}
