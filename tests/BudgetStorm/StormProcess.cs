using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Shabou.ProspectorService.Budgets;
using Shabou.ProspectorService.Places;
using Shabou.Schema;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults;

namespace Shabou.BudgetStorm;

/// <summary>Reserves and calls until its list is done, or until it kills itself between a grant and its call. Says on standard output what it finished.</summary>
internal static class StormProcess
{
    /// <summary>Short, so that a storm's end is near; longer than a call may take.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(WorkerPlan plan)
    {
        await using var app = Build(plan);
        await app.StartAsync();
        if (plan.Reservations.Count == 0) await SettleAsync(app.Services);
        else await StormAsync(app.Services, plan);
        await app.StopAsync();
    }

    private static WebApplication Build(WorkerPlan plan)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["ConnectionStrings:shabou"] = plan.Database,
            ["Places:Endpoint"] = plan.Places,
            ["Places:ApiKey"] = plan.Key,
            ["Places:Timeout"] = "00:00:01",
            ["Prospector:PlacesBudget:ReservationLifetime"] = Lifetime.ToString(),
            ["Prospector:PlacesBudget:LapsedCheck"] = "00:00:00.2",
            ["Prospector:PlacesBudget:LedgerTimeout"] = "00:01:00",
            [$"Prospector:PlacesBudget:Prices:{PlacesSku.TextSearchEnterprise}:MicrosPerCall"] = plan.MicrosPerCall.ToString(CultureInfo.InvariantCulture),
            [$"Prospector:PlacesBudget:Prices:{PlacesSku.TextSearchEnterprise}:FreePerMonth"] = "0",
            [$"Prospector:PlacesBudget:Prices:{PlacesSku.TextSearchEnterprise}:ReadOn"] = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["Logging:LogLevel:Default"] = "Critical",
        });
        builder.AddServiceDefaults();
        builder.AddShabouDatabase();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddPlacesBudget();
        builder.AddPlaces();
        builder.Services.AddTransient<NameTheCall>();
        builder.Services.AddHttpClient<PlacesClient>().AddHttpMessageHandler<NameTheCall>();
        return builder.Build();
    }

    private static Task StormAsync(IServiceProvider services, WorkerPlan plan)
    {
        var (budget, dice) = (services.GetRequiredService<PlacesBudget>(), new Random(plan.Seed));
        var fates = plan.Reservations.ToDictionary(number => number, _ => dice.Next(100) < plan.KillPercent);
        return Parallel.ForEachAsync(plan.Reservations, new ParallelOptions { MaxDegreeOfParallelism = plan.Concurrency }, async (number, cancellationToken) =>
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{plan.Name}-{number}");
            var decision = await budget.ReserveAsync(PlacesSku.TextSearchEnterprise, name, jobId: null, cancellationToken);
            if (decision is not BudgetDecision.Granted granted)
            {
                Say(number, ((BudgetDecision.Denied)decision).Reason.ToString());
                return;
            }
            if (fates[number])
            {
                Say(number, Storm.Died);
                using var self = Process.GetCurrentProcess();
                self.Kill(); // SIGKILL: nothing is caught, nothing is flushed, nothing is settled
            }
            await using var scope = services.CreateAsyncScope();
            var answer = await scope.ServiceProvider.GetRequiredService<PlacesClient>().SearchAsync(new(name, "fr", null), granted.Reservation);
            Say(number, answer.GetType().Name);
        });
    }

    private static async Task SettleAsync(IServiceProvider services)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            await using var scope = services.CreateAsyncScope();
            if (!await scope.ServiceProvider.GetRequiredService<ShabouContext>().BudgetReservations.AnyAsync(r => r.State == BudgetReservationState.Reserved, limit.Token)) return;
        }
        while (await tick.WaitForNextTickAsync(limit.Token));
    }

    /// <summary>Writes the reservation onto the request, so that the simulator's log can be compared row by row.</summary>
    private sealed class NameTheCall : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Options.TryGetValue(Reservation.OptionsKey, out var reservation)) request.Headers.Add("Idempotency-Key", reservation.Id.ToString());
            return base.SendAsync(request, cancellationToken);
        }
    }

    private static void Say(int number, string what)
    {
        lock (typeof(StormProcess))
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number} {what}"));
            Console.Out.Flush();
        }
    }
}
