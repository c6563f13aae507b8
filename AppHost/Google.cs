namespace Shabou.AppHost;

/// <summary>Where people sign in: <c>Parameters:google-client-id</c>, <c>-client-secret</c> and <c>-hosted-domain</c>. Without them the
/// gateway knows API keys only; with some of them it refuses to start and says which are missing.</summary>
internal static class Google
{
    private static readonly (string Parameter, string Setting)[] Settings =
    [
        ("google-client-id", "Google__ClientId"), ("google-client-secret", "Google__ClientSecret"), ("google-hosted-domain", "Google__HostedDomain"),
    ];

    public static IResourceBuilder<ProjectResource> WithGoogle(this IResourceBuilder<ProjectResource> gateway)
    {
        var builder = gateway.ApplicationBuilder;
        foreach (var (parameter, setting) in Settings)
        {
            if (string.IsNullOrEmpty(builder.Configuration[$"Parameters:{parameter}"] ?? builder.Configuration[$"Parameters:{parameter.Replace('-', '_')}"])) continue;
            gateway = gateway.WithEnvironment(setting, builder.AddParameter(parameter, secret: true));
        }
        return gateway;
    }
}
