using Shabou.Gateway.Identity.Tokens;

namespace Shabou.Gateway.Identity.Keys;

internal static class KeySetup
{
    /// <summary>Checks with this tag are reported and decide nothing.</summary>
    private const string Deep = "deep";

    internal static void AddKeyRing(this WebApplicationBuilder builder)
    {
        builder.AddProtection();
        builder.Services.AddOptions<TokenOptions>()
            .BindConfiguration(TokenOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => options.PublishesLongEnough, TokenOptions.PublishTooShort)
            .ValidateOnStart();
        builder.Services.AddSingleton<KeyRingStore>();
        builder.Services.AddSingleton<SigningKeys>();
        // First of all hosted services: Data Protection's own reads its keys as it starts, and finds them made.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(services => services.GetRequiredService<SigningKeys>()));
        builder.Services.AddHealthChecks().AddCheck<KeysReady>("signing-keys-read").AddCheck<SigningKeyAge>(SigningKeyAge.Name, tags: [Deep]);
    }
}
