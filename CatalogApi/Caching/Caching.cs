using Shabou.Idempotency;
using Shabou.SharedRedis;

namespace Shabou.CatalogApi.Caching;

internal static class Caching
{
    public static void AddCaching(this IHostApplicationBuilder builder)
    {
        builder.AddSharedRedis(); // without it every read asks the database
        builder.Services.AddOptions<CacheOptions>().BindConfiguration(CacheOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<CatalogVersions>();
        builder.Services.AddSingleton<IAfterCommit, TellVersions>();
        builder.Services.AddSingleton<CatalogCache>();
    }
}
