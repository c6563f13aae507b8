using Microsoft.Extensions.Options;
using Shabou.Gateway.RateLimiting;
using Yarp.ReverseProxy.Configuration;

namespace Shabou.Gateway.Routing;

/// <summary>Which path goes to which service: section ReverseProxy of appsettings.json. Services are found by name.</summary>
internal static class Routes
{
    private const string Section = "ReverseProxy";

    internal static void AddRoutes(this WebApplicationBuilder builder)
    {
        builder.Services.AddRequestTimeouts();
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection(Section))
            .AddConfigFilter<RouteRules>()
            .AddConfigFilter<HeaderText>()
            .AddTransforms<CallerTransform>()
            .AddServiceDiscoveryDestinationResolver();
    }

    /// <exception cref="InvalidOperationException">A route does not say who may call it, how often, or how long it may take.</exception>
    internal static void MapRoutes(this WebApplication app)
    {
        // YARP would wrap the sentence into two exceptions of its own, so it is said before YARP reads the same section.
        foreach (var route in app.Configuration.GetSection($"{Section}:Routes").GetChildren())
            RouteRules.Check(route.Key, key => route[key]);
        app.UseRequestTimeouts();
        app.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<UpstreamProblems>();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
    }
}
