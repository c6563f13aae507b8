using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>The secret that gateway and services shared; only the gateway still reads it.</summary>
public sealed class ServiceAuthOptions
{
    public const string Section = "ServiceAuth";

    /// <summary>At least 32 characters.</summary>
    public string Key { get; set; } = "";
}

/// <summary>The headers by which the gateway told a service who calls.</summary>
public static class ServiceHeaders
{
    public const string Key = "X-Service-Key";

    public const string ClientId = "X-Client-Id";

    public const string ClientName = "X-Client-Name";

    public const string ClientRole = "X-Client-Role";
}

public static class ServiceKey
{
    public static TBuilder AddServiceKey<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<ServiceAuthOptions>()
            .BindConfiguration(ServiceAuthOptions.Section)
            .Validate(options => options.Key is { Length: >= 32 }, "ServiceAuth:Key is missing or shorter than 32 characters: give the gateway a random secret (environment ServiceAuth__Key).")
            .ValidateOnStart();
        return builder;
    }
}
