using Shabou.SharedRedis;

namespace Shabou.ForecastService.Models;

internal static class ModelsSetup
{
    /// <summary>Registers the artefacts of models and Redis (<c>ConnectionStrings:redis</c>), where they are kept. The service is healthy without it.</summary>
    public static void AddModels(this IHostApplicationBuilder builder)
    {
        builder.AddSharedRedis();
        builder.Services.AddOptions<ModelOptions>().BindConfiguration(ModelOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ModelCopies>();
        builder.Services.AddSingleton<ModelArtifacts>();
    }
}
