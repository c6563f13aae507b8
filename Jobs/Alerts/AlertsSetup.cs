using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shabou.Schema.SecretAges;
using Shabou.ServiceDefaults.Problems.Alerts;

namespace Shabou.Jobs.Alerts;

internal static class AlertsSetup
{
    public static void AddAlerts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddWatchedSecret("alert-webhook", $"{AlertOptions.Section}:{nameof(AlertOptions.WebhookSecret)}");
        builder.Services.AddOptions<AlertOptions>()
            .BindConfiguration(AlertOptions.Section)
            .ValidateDataAnnotations()
            .Validate(o => o.IsSafe(), "Alerts:WebhookUrl must be https, or http on this machine: alerts name customers' data.")
            .ValidateOnStart();
        builder.Services.AddHttpClient(SendAlert.Client, (services, client) => client.Timeout = services.GetRequiredService<IOptions<AlertOptions>>().Value.WebhookTimeout);
        builder.Services.AddScoped<AlertRules>();
        builder.Services.AddSingleton<IProblemAlertRows, ProblemAlertRows>();
        builder.Services.AddJobHandler<SendAlert, SendAlert.Order>(SendAlert.Kind);
    }
}
