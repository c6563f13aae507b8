using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Shabou.ServiceDefaults.Problems.Alerts;

internal static class ProblemAlertSetup
{
    public static void AddProblemAlerts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ProblemAlertOptions>().BindConfiguration(ProblemAlertOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ProblemAlerts>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ProblemAlerts>());
    }
}
