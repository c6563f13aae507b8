using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.LocalHost;

/// <summary>The links shown for a resource: its endpoints, as the model's callbacks change them.</summary>
internal sealed class ResourceUrls(IServiceProvider services)
{
    public async Task<IReadOnlyList<UrlSnapshot>> OfAsync(IResource resource, CancellationToken cancellationToken)
    {
        var own = (resource as IResourceWithEndpoints)?.GetEndpoints().Select(e => new ResourceUrlAnnotation { Url = e.Url, Endpoint = e }) ?? [];
        var context = new ResourceUrlsCallbackContext(
            services.GetRequiredService<DistributedApplicationExecutionContext>(), resource, [.. own], cancellationToken);
        foreach (var callback in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
            await callback.Callback(context);
        return [.. context.Urls.Select((u, order) => new UrlSnapshot(u.Endpoint?.EndpointName, u.Url, IsInternal: false) { DisplayProperties = new(u.DisplayText ?? "", -order) })];
    }
}
