using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.LocalHost;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public static class ParameterResourceBuilderExtensions
{
    /// <summary>A value from configuration <c>Parameters:{name}</c>; nothing else is tried.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => builder.Configured(name) ?? throw Missing(name), secret));

    /// <summary>A fixed value; configuration is not asked.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false)
    {
        if (publishValueAsDefault && secret)
            throw new ArgumentException("A parameter cannot be both secret and published as a default value.", nameof(secret));

        return builder.AddResource(new ParameterResource(name, _ => valueGetter(), secret));
    }

    /// <summary>A value from configuration, else from the default; with <paramref name="persist"/> the default is kept for the next start.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        var parameter = new ParameterResource(
            name, made => builder.Configured(name) ?? (persist ? builder.Kept(name, made!) : made!.GetDefaultValue()), secret) { Default = value };
        return builder.AddResource(parameter);
    }

    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(
        this IDistributedApplicationBuilder builder, string name, string configurationKey, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => builder.Configuration[configurationKey] ?? throw Missing(name, configurationKey), secret));

    /// <summary>A connection string that is configured, under <c>ConnectionStrings:{name}</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null)
    {
        var value = new ParameterResource(
            name, _ => builder.Configuration.GetConnectionString(name) ?? throw Missing(name, $"ConnectionStrings:{name}"), secret: true) { IsConnectionString = true };
        return builder.AddResource(new ConnectionStringResource(name, ReferenceExpression.Create($"{value}")) { Variable = environmentVariableName });
    }

    /// <summary>A generated password, kept from start to start because data folders remember it.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder, string name, bool lower = true, bool upper = true, bool numeric = true, bool special = true,
        int minLower = 0, int minUpper = 0, int minNumeric = 0, int minSpecial = 0)
    {
        var made = new GenerateParameterDefault
        {
            MinLength = 22,
            Lower = lower,
            Upper = upper,
            Numeric = numeric,
            Special = special,
            MinLower = minLower,
            MinUpper = minUpper,
            MinNumeric = minNumeric,
            MinSpecial = minSpecial,
        };
        return new(name, value => builder.Configured(name) ?? builder.Kept(name, value!), secret: true) { Default = made };
    }

    private static string? Configured(this IDistributedApplicationBuilder builder, string name) =>
        builder.Configuration[$"Parameters:{name}"] is { Length: > 0 } value ? value : builder.Configuration[$"Parameters:{name.Replace('-', '_')}"] is { Length: > 0 } other ? other : null;

    private static string Kept(this IDistributedApplicationBuilder builder, string name, ParameterDefault made) =>
        LocalFolders.Of(builder).Secrets.GetOrAdd($"Parameters:{name}", made.GetDefaultValue);

    private static MissingParameterValueException Missing(string name, string? key = null) =>
        new($"Parameter resource could not be used because configuration key '{key ?? $"Parameters:{name}"}' is missing.");
}

public static class ConnectionStringBuilderExtensions
{
    /// <summary>A connection string put together from other values.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));
}

public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    public ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;

    internal string? Variable { get; init; }

    string? IResourceWithConnectionString.ConnectionStringEnvironmentVariable => Variable;
}
