// Stands in for Microsoft.Extensions.ServiceDiscovery 10.6.0, for the part we use: names resolved from the configuration section
// Services, everything else passed through to DNS. Left out: other providers, scheme restrictions, other ways to choose an endpoint.
// Delete this project when the feed has the package.

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

public static class ServiceDiscoveryServiceCollectionExtensions
{
    public static IServiceCollection AddServiceDiscovery(this IServiceCollection services) => services.AddServiceDiscoveryCore();

    public static IServiceCollection AddServiceDiscoveryCore(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => new ServiceEndpointResolver(provider.GetRequiredService<IConfiguration>()));
        return services;
    }
}

public static class ServiceDiscoveryHttpClientBuilderExtensions
{
    /// <summary>Lets the client's requests name a service: <c>https+http://catalog/...</c>.</summary>
    public static IHttpClientBuilder AddServiceDiscovery(this IHttpClientBuilder httpClientBuilder)
    {
        ArgumentNullException.ThrowIfNull(httpClientBuilder);
        httpClientBuilder.Services.AddServiceDiscoveryCore();
        return httpClientBuilder.AddHttpMessageHandler(services => new ResolvingHttpDelegatingHandler(services.GetRequiredService<ServiceEndpointResolver>()));
    }
}
