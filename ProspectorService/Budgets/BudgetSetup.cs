using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Shabou.Jobs;
using Shabou.ServiceDefaults.Health;
using Shabou.SharedRedis;

namespace Shabou.ProspectorService.Budgets;

internal static class BudgetSetup
{
    /// <summary>Registers the ledger and what writes off lapsed reservations.</summary>
    public static void AddPlacesBudget(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PlacesBudgetOptions>()
            .BindConfiguration(PlacesBudgetOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                o => o.CallsPerDay <= o.CallsPerMonth,
                $"{PlacesBudgetOptions.Section}:CallsPerDay must not exceed {PlacesBudgetOptions.Section}:CallsPerMonth.")
            .Validate(
                o => o.Prices.ContainsKey(PlacesSku.TextSearchEnterprise),
                $"{PlacesBudgetOptions.Section}:Prices:{PlacesSku.TextSearchEnterprise} is missing: without its price no search is made.")
            .Validate(
                o => o.Prices.Values.All(price => price.IsValid),
                $"{PlacesBudgetOptions.Section}:Prices: MicrosPerCall must be 0 to {SkuPrice.HighestPrice}, and FreePerMonth not negative.")
            .Validate(
                o => o.AlertsAt.All(dollars => dollars is > 0 and <= 100_000),
                $"{PlacesBudgetOptions.Section}:AlertsAt must be whole US dollars from 1.")
            .ValidateOnStart();
        builder.Services.AddSingleton<LedgerNews>();
        builder.Services.AddSingleton<BudgetTelemetry>();
        builder.Services.AddSingleton<LedgerTransactions>();
        builder.Services.AddSingleton(services => new PlacesBudget(
            services.GetRequiredService<LedgerTransactions>(), services.GetRequiredService<BudgetTelemetry>(), services.GetRequiredService<IOptionsMonitor<PlacesBudgetOptions>>(),
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<PlacesBudget>>()));
        builder.Services.AddScoped<BudgetReading>();
        builder.Services.AddScoped<ChangeBudget>();
        builder.Services.AddSingleton<ReconcileBudget>();
        builder.Services.AddJobHandler<ReconcileBudgetJob, ReconcileBudgetJob.Order>(ReconcileBudgetJob.Kind);
        // In Tunis it is then past midnight in California, in summer and in winter: yesterday is complete.
        builder.Services.AddJobSchedule("prospector.reconcile", "0 15 9 * * ?", ReconcileBudgetJob.Kind, new ReconcileBudgetJob.Order());
        builder.Services.TryAddSingleton<FirstReady>();
        builder.Services.AddHostedService<LapsedReservations>();
    }

    /// <summary>Registers Redis, from <c>ConnectionStrings:redis</c>, and the copy of the counts there. The service is healthy without it.</summary>
    public static void AddBudgetMirror(this IHostApplicationBuilder builder)
    {
        builder.AddSharedRedis();
        builder.Services.AddHostedService<BudgetMirror>();
    }
}
