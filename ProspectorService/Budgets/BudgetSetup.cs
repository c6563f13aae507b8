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
            .ValidateOnStart();
        builder.Services.AddSingleton<PlacesBudget>();
        builder.Services.AddScoped<BudgetReading>();
        builder.Services.AddHostedService<LapsedReservations>();
    }
}
