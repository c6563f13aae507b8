using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Shabou.Gateway.Connections;

/// <summary>What keeps the gateway up under slow clients and floods: whoever sends nothing useful costs little and is soon gone.</summary>
internal static class Connections
{
    private const int BufferBytes = 128 * 1024;

    internal static void AddConnections(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ConnectionOptions>().BindConfiguration(ConnectionOptions.Section)
            .ValidateDataAnnotations()
            .Validate(o => !o.WrongProxies().Any(), "Transport:TrustedProxies has an entry that is no address such as 10.0.0.7 and no network such as 10.1.0.0/16, or trusts everybody.")
            .ValidateOnStart();
        builder.Services.AddSingleton<NetworkConnections>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<ConnectionOptions>>((kestrel, options) => Limit(kestrel.Limits, options.Value));
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ConnectionOptions>>((forwarded, options) => Trust(forwarded, options.Value));
    }

    /// <summary>In this order: whose address it is, what is too long or too many to read on, what would be exempt from the limits of bodies.</summary>
    internal static IApplicationBuilder UseConnections(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<IOptions<ConnectionOptions>>().Value.TrustedProxies.Count > 0)
            app.UseForwardedHeaders();
        return app
            .UseMiddleware<ResetFloods>()
            .UseMiddleware<HeaderLimits>()
            .UseMiddleware<StreamingRefused>();
    }

    /// <summary>Closes what one network has too many of, before TLS has cost anything.</summary>
    internal static void UseNetworkLimit(this IConnectionBuilder endpoint) =>
        endpoint.Use(endpoint.ApplicationServices.GetRequiredService<NetworkConnections>().Admit);

    // Said here although much of it is Kestrel's default: these are promises, and tests hold them.
    private static void Limit(KestrelServerLimits limits, ConnectionOptions options)
    {
        limits.RequestHeadersTimeout = options.HeaderTimeout;
        limits.KeepAliveTimeout = options.KeepAliveTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(options.MinBytesPerSecond, options.GracePeriod);
        limits.MinResponseDataRate = new MinDataRate(options.MinBytesPerSecond, options.GracePeriod);
        limits.MaxRequestBufferSize = BufferBytes; // a thousand connections that nobody reads from hold 128 MiB, not 1 GiB
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.Http2.HeaderTableSize = 4 * 1024;
        limits.Http2.MaxFrameSize = 16 * 1024;
        limits.Http2.MaxRequestHeaderFieldSize = 32 * 1024;
        limits.Http2.InitialConnectionWindowSize = 2 * BufferBytes;
        limits.Http2.InitialStreamWindowSize = BufferBytes;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
    }

    private static void Trust(ForwardedHeadersOptions forwarded, ConnectionOptions options)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
        forwarded.ForwardLimit = null; // as far as trusted proxies go
        forwarded.KnownProxies.Clear(); // loopback is trusted by default
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in options.TrustedNetworks())
            forwarded.KnownIPNetworks.Add(network);
    }
}
