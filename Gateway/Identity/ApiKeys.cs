using Microsoft.AspNetCore.Authentication;
using Npgsql;
using Shabou.Schema;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.Gateway.Identity;

/// <summary>Machine clients are known by a key that they send with each request.</summary>
internal static class ApiKeys
{
    internal const string Scheme = "ApiKey";
    internal const string Header = "X-Api-Key";

    /// <summary>Without <c>ServiceAuth:Key</c>, by which services believe the gateway, the host refuses to start.</summary>
    internal static void AddApiKeys(this WebApplicationBuilder builder)
    {
        builder.AddServiceKey();
        builder.Services.AddOptions<ApiKeyOptions>()
            .BindConfiguration(ApiKeyOptions.Section)
            .ValidateDataAnnotations()
            .Validate(o => o.FreshFor <= o.UsableFor, "ApiKeys:FreshFor must not exceed ApiKeys:UsableFor.")
            .ValidateOnStart();
        builder.Services.AddSingleton(services => NpgsqlDataSource.Create(
            services.GetRequiredService<IConfiguration>().GetConnectionString(ShabouContext.ConnectionName) ?? throw new InvalidOperationException("ConnectionStrings:shabou is missing.")));
        builder.Services.AddSingleton<ApiKeyDirectory>();
        builder.Services.AddSingleton<ApiKeysReady>();
        builder.Services.AddHealthChecks().AddCheck<ApiKeysReady>("api-keys");
        builder.Services.AddAuthentication(Scheme).AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(Scheme, configureOptions: null);
    }
}
