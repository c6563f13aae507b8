namespace Shabou.ForecastService.Accuracy;

internal static class AccuracySetup
{
    /// <summary>Registers what looks after the forecasts.</summary>
    public static void AddAccuracy(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<WatchOptions>()
            .BindConfiguration(WatchOptions.Section)
            .ValidateDataAnnotations()
            .Validate(o => o.LeastCoverage < o.MostCoverage, "Forecast:Watch:LeastCoverage must be below Forecast:Watch:MostCoverage.")
            .ValidateOnStart();
        builder.Services.AddSingleton<ForecastTelemetry>();
        builder.Services.AddHostedService<ForecastWatch>();
    }
}
