namespace Shabou.Gateway.Database;

internal static class DatabaseWatchSetup
{
    public static void AddDatabaseWatch(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DatabaseWatchOptions>().BindConfiguration(DatabaseWatchOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<DatabaseMeter>();
        builder.Services.AddSingleton<DatabaseWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DatabaseWatch>());
    }
}
