using System.Security.Authentication;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Shabou.Gateway.Connections;

namespace Shabou.Gateway.Transport;

/// <summary>What holds for every connection and request, before anybody asks who is calling.</summary>
internal static class Transport
{
    internal static void AddTransport(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<TransportOptions>().BindConfiguration(TransportOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<Microsoft.Extensions.Options.IOptions<TransportOptions>>(
            (kestrel, transport) => Limit(kestrel, transport.Value));
        builder.Services.Configure<HstsOptions>(hsts =>
        {
            hsts.MaxAge = TimeSpan.FromDays(365);
            hsts.IncludeSubDomains = true;
            hsts.ExcludedHosts.Clear(); // localhost too: what development does not show, nobody sees before release
        });
    }

    /// <summary>In this order: headers on every answer, no plaintext, no body that is too large by its own account.</summary>
    internal static IApplicationBuilder UseTransport(this IApplicationBuilder app) => app
        .UseMiddleware<SecurityHeaders>()
        .UseMiddleware<HttpsOnly>()
        .UseHsts()
        .UseMiddleware<DeclaredBodyLimit>();

    // Body, line and header limits are those of every service; see RequestLimits.
    private static void Limit(KestrelServerOptions kestrel, TransportOptions transport)
    {
        kestrel.Limits.MaxConcurrentConnections = transport.MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = transport.MaxConnections;
        kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1AndHttp2;
            endpoint.UseNetworkLimit();
        });
        kestrel.ConfigureHttpsDefaults(https => https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13);
    }
}
