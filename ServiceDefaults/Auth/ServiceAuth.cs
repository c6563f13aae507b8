using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Shabou.ServiceDefaults.Paging;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>The secret that gateway and services share.</summary>
public sealed class ServiceAuthOptions
{
    public const string Section = "ServiceAuth";

    internal const string Missing = "ServiceAuth:Key is missing or shorter than 32 characters: give the gateway and every service the same random secret (environment ServiceAuth__Key).";
    internal const int ShortestKey = 32;

    /// <summary>At least 32 characters. No default: without it a service does not start.</summary>
    public string Key { get; set; } = "";
}

/// <summary>The headers by which the gateway tells a service who calls.</summary>
public static class ServiceHeaders
{
    /// <summary><see cref="ServiceAuthOptions.Key"/>: proof that the other three come from the gateway or another service.</summary>
    public const string Key = "X-Service-Key";

    public const string ClientId = "X-Client-Id";

    /// <summary>Percent-encoded UTF-8, as headers carry ASCII only.</summary>
    public const string ClientName = "X-Client-Name";

    /// <summary>One of <see cref="ClientRoles"/>.</summary>
    public const string ClientRole = "X-Client-Role";
}

/// <summary>Who may call a service: the gateway, and other services, on behalf of a client.</summary>
public static class ServiceAuth
{
    /// <summary>Name of the authentication scheme.</summary>
    public const string Scheme = "Service";

    /// <summary>Authenticates callers by <see cref="ServiceHeaders"/>. Without <c>ServiceAuth:Key</c> the host refuses to start.</summary>
    public static TBuilder AddServiceAuth<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddServiceKey();
        builder.Services.AddAuthentication(Scheme).AddScheme<AuthenticationSchemeOptions, ServiceAuthHandler>(Scheme, configureOptions: null);
        builder.Services.TryAddSingleton<Cursors>();
        return builder;
    }

    /// <summary>Only the secret, for a program that calls services but has its own callers: the gateway.</summary>
    public static TBuilder AddServiceKey<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<ServiceAuthOptions>()
            .BindConfiguration(ServiceAuthOptions.Section)
            .Validate(options => options.Key is { Length: >= ServiceAuthOptions.ShortestKey }, ServiceAuthOptions.Missing) // names the key, as annotations would not
            .ValidateOnStart();
        return builder;
    }

    /// <summary>Lets this client call another service on behalf of the caller of the current request. Never for clients of other hosts: it sends the key.</summary>
    public static IHttpClientBuilder SendServiceIdentity(this IHttpClientBuilder client)
    {
        client.Services.AddHttpContextAccessor();
        client.Services.TryAddTransient<ServiceIdentityHandler>();
        return client.AddHttpMessageHandler<ServiceIdentityHandler>();
    }
}
