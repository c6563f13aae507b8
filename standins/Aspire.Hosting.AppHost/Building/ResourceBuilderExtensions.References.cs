using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Gives a consumer <c>ConnectionStrings__{name}</c> and one variable per part of the string. Does not wait.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        var flags = InjectedBy(builder.Resource);
        builder.WithRelationship(resource, "Reference");
        return builder.WithEnvironment(async context =>
        {
            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ConnectionString))
            {
                if (string.IsNullOrEmpty(await resource.GetConnectionStringAsync(context.CancellationToken)))
                {
                    if (optional)
                        return;
                    throw new DistributedApplicationException($"The connection string for the resource '{resource.Name}' is not available.");
                }

                context.EnvironmentVariables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] = resource;
            }

            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ConnectionProperties))
            {
                foreach (var (part, value) in resource.GetConnectionProperties())
                    context.EnvironmentVariables[VariableName($"{name}_{part}")] = value;
            }
        });
    }

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.WithReference(source, source.Resource.Name);

    /// <summary>Lets a consumer find a service by name: <c>services__{name}__{scheme}__{n}</c> and <c>{NAME}_{ENDPOINT}</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source, string name)
        where TDestination : IResourceWithEnvironment => builder.WithEndpoints(source.Resource, name, endpointName: null);

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment =>
        builder.WithEndpoints(endpointReference.Resource, endpointReference.Resource.Name, endpointReference.EndpointName);

    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        if (!uri.IsAbsoluteUri || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw new InvalidOperationException($"The URI of the reference '{name}' must be absolute, without query and fragment.");

        return builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables[$"services__{name}__default__0"] = uri.ToString();
            context.EnvironmentVariables[name] = uri.ToString();
        });
    }

    /// <summary>Limits what later references give; call it before them.</summary>
    public static IResourceBuilder<TDestination> WithReferenceEnvironment<TDestination>(
        this IResourceBuilder<TDestination> builder, ReferenceEnvironmentInjectionFlags flags)
        where TDestination : IResourceWithEnvironment =>
        builder.WithAnnotation(new ReferenceEnvironmentInjectionAnnotation(flags), ResourceAnnotationMutationBehavior.Replace);

    public static IResourceBuilder<T> WithRelationship<T>(this IResourceBuilder<T> builder, IResource resource, string type)
        where T : IResource => builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, type));

    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> parent)
        where T : IResource => builder.WithRelationship(parent.Resource, "Parent");

    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResource parent)
        where T : IResource => builder.WithRelationship(parent, "Parent");

    private static IResourceBuilder<T> WithEndpoints<T>(this IResourceBuilder<T> builder, IResourceWithEndpoints source, string name, string? endpointName)
        where T : IResourceWithEnvironment
    {
        builder.WithRelationship(source, "Reference");
        return builder.WithEnvironment(context =>
        {
            var flags = InjectedBy(builder.Resource);
            var counts = new Dictionary<string, int>();
            foreach (var endpoint in source.GetEndpoints().Where(e => endpointName is null || e.EndpointName == endpointName))
            {
                var section = endpoint.EndpointName is "http" or "https" ? endpoint.Scheme : endpoint.EndpointName;
                var index = counts[section] = counts.GetValueOrDefault(section, -1) + 1;
                if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ServiceDiscovery))
                    context.EnvironmentVariables[$"services__{name}__{section}__{index}"] = endpoint;
                if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.Endpoints))
                    context.EnvironmentVariables[VariableName($"{name}_{endpoint.EndpointName}")] = endpoint;
            }
        });
    }

    private static ReferenceEnvironmentInjectionFlags InjectedBy(IResource resource) =>
        resource.TryGetLastAnnotation<ReferenceEnvironmentInjectionAnnotation>(out var set) ? set.Flags : ReferenceEnvironmentInjectionFlags.All;

    private static string VariableName(string text) => NotLetterOrDigit.Replace(text, "_").ToUpperInvariant();

    [GeneratedRegex("[^A-Za-z0-9]")]
    private static partial Regex NotLetterOrDigit { get; }
}
