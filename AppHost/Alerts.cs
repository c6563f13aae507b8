namespace Shabou.AppHost;

/// <summary>Where alerts go: <c>Parameters:alert-webhook</c>, a secret because whoever has such an address can write to the channel.</summary>
internal static class Alerts
{
    /// <summary>Gives the service the webhook when one is configured; without one alerts are log lines and rows of ops.alerts.</summary>
    public static IResourceBuilder<ProjectResource> WithAlerts(this IResourceBuilder<ProjectResource> service)
    {
        var builder = service.ApplicationBuilder;
        if (string.IsNullOrEmpty(builder.Configuration["Parameters:alert-webhook"] ?? builder.Configuration["Parameters:alert_webhook"])) return service;
        var webhook = builder.Resources.OfType<ParameterResource>().SingleOrDefault(p => p.Name == "alert-webhook") is { } known
            ? builder.CreateResourceBuilder(known)
            : builder.AddParameter("alert-webhook", secret: true);
        return service.WithEnvironment("Alerts__WebhookUrl", webhook);
    }
}
