using Shabou.Gateway.Resilience;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;

namespace Shabou.Gateway.Routing;

/// <summary>Which path goes to which service: section ReverseProxy of appsettings.json. Services are found by name.</summary>
internal static class Routes
{
    internal static void AddRoutes(this WebApplicationBuilder builder)
    {
        builder.Services.AddRequestTimeouts();
        builder.Services.AddReverseProxy()
            .AddConfigFilter<HeaderText>()
            .AddTransforms<CallerTransform>()
            .AddTransforms<AnswerTransform>()
            .AddTransforms<UpstreamMark>()
            .AddServiceDiscoveryDestinationResolver();
        builder.Services.AddSingleton<RouteCheck>();
        builder.Services.AddSingleton<RouteSource>();
        builder.Services.AddSingleton(services => services.GetRequiredService<RouteSource>().Provider);
        builder.Services.AddSingleton<WeightedPolicy>();
        builder.Services.AddSingleton<ILoadBalancingPolicy>(services => services.GetRequiredService<WeightedPolicy>());
        builder.Services.AddHealthChecks().AddCheck<RoutesHealth>(RoutesHealth.CheckName);
        builder.AddResilience();
    }

    /// <exception cref="InvalidOperationException">The routes are not good; the message is one sentence.</exception>
    internal static void MapRoutes(this WebApplication app)
    {
        app.Services.GetRequiredService<RouteSource>().Start();
        app.UseRequestTimeouts();
        app.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<UpstreamProblems>();
            proxy.UseMiddleware<UpgradeRules>();
            proxy.UseMiddleware<CircuitGate>();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
    }
}
