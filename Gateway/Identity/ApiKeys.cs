using Microsoft.AspNetCore.Authentication;

namespace Shabou.Gateway.Identity;

/// <summary>Machine clients are known by a key that they send with each request.</summary>
internal static class ApiKeys
{
    internal const string Scheme = "ApiKey";
    internal const string Header = "X-Api-Key";

    internal static void AddApiKeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ApiKeyOptions>()
            .BindConfiguration(ApiKeyOptions.Section)
            .ValidateDataAnnotations()
            .Validate(o => o.FreshFor <= o.UsableFor, "ApiKeys:FreshFor must not exceed ApiKeys:UsableFor.")
            .ValidateOnStart();
        builder.Services.AddSingleton<ApiKeyDirectory>();
        builder.Services.AddSingleton<ApiKeysReady>();
        builder.Services.AddHealthChecks().AddCheck<ApiKeysReady>("api-keys");
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(Scheme, configureOptions: null);
    }
}
