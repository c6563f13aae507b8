using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Connections;
using Shabou.Gateway.Cors;

namespace Shabou.Gateway.Transport;

/// <summary>What holds for every connection and request, before anybody asks who is calling.</summary>
internal static class Transport
{
    internal static void AddTransport(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<TransportOptions>().BindConfiguration(TransportOptions.Section).ValidateDataAnnotations()
            .Validate(o => o.AcmeChallengeFolder is not { Length: > 0 } folder || Directory.Exists(folder),
                "Transport:AcmeChallengeFolder names a folder that does not exist: create it, or leave the setting out.")
            .ValidateOnStart();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<TransportOptions>>((kestrel, transport) => Limit(kestrel, transport.Value));
        builder.AddCertificate();
        builder.Services.Configure<HstsOptions>(hsts =>
        {
            hsts.MaxAge = TimeSpan.FromDays(365);
            hsts.IncludeSubDomains = true;
            hsts.ExcludedHosts.Clear(); // localhost too: what development does not show, nobody sees before release
        });
    }

    /// <summary>In this order: headers on every answer, no plaintext, preflights, no body that is too large by its own account.</summary>
    internal static IApplicationBuilder UseTransport(this IApplicationBuilder app) => app
        .UseMiddleware<SecurityHeaders>()
        .UseMiddleware<HttpsOnly>()
        .UseHsts()
        .UseOrigins()
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
    }

    private static void AddCertificate(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<CertificateFiles>().BindConfiguration(CertificateFiles.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<CertificateFiles>, CertificateRules>();
        builder.Services.AddSingleton<ServerCertificate>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ServerCertificate>());
        builder.Services.AddHealthChecks().AddCheck<CertificateHealth>("certificate");
        builder.Services.AddOptions<KestrelServerOptions>().Configure<ServerCertificate>((kestrel, certificate) =>
        {
            // Kestrel would notice a renewal too, and close the endpoint with all its connections to take it up.
            kestrel.Configure(builder.Configuration.GetSection("Kestrel"), reloadOnChange: false);
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.SslProtocols = TlsPolicy.Versions;
                https.TlsClientHelloBytesCallback = TlsPolicy.Read;
                https.OnAuthenticate = (connection, handshake) =>
                {
                    TlsPolicy.Apply(connection, handshake);
                    if (certificate.Served is { } served)
                        (handshake.ServerCertificate, handshake.ServerCertificateContext) = (null, served.Context);
                };
            });
        });
    }
}
