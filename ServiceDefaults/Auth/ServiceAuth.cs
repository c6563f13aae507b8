using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Shabou.ServiceDefaults.Network;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>Who may call a service: whoever has a token that the gateway made for this service.</summary>
public static class ServiceAuth
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeySetPatience = TimeSpan.FromSeconds(5);

    /// <summary>Verifies ES256 tokens by the gateway's public keys (section <c>Tokens</c>), for every endpoint that does not say otherwise.</summary>
    /// <param name="builder">The service, which then listens on loopback or the internal network only, see <see cref="InternalNetwork"/>.</param>
    /// <param name="audience">Name of the service: tokens for others are refused with 401.</param>
    /// <remarks>Without keys yet: 503 and not ready. The gateway away later: the last keys stay. Unusable settings: no start.</remarks>
    public static TBuilder AddServiceAuth<TBuilder>(this TBuilder builder, string audience)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentException.ThrowIfNullOrEmpty(audience);
        builder.AddTokenKeys();
        builder.AddInternalNetwork();
        builder.Services.AddSingleton<VerifiedTokens>();
        builder.Services.AddSingleton<TokenEvents>();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TokenKeys, IOptions<ServiceTokenOptions>, TimeProvider>((jwt, keys, tokens, time) =>
            {
                jwt.MapInboundClaims = false;
                jwt.SaveToken = false;
                jwt.EventsType = typeof(TokenEvents);
                jwt.TokenValidationParameters = Rules(audience, tokens.Value.Issuer, keys, time);
            });
        // An endpoint that asks for no more than a caller means one with access.
        builder.Services.Configure<AuthorizationOptions>(options => options.DefaultPolicy = options.GetPolicy(Policies.User)!);
        return builder;
    }

    private static void AddTokenKeys(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ServiceTokenOptions>()
            .BindConfiguration(ServiceTokenOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ServiceTokenOptions>, ServiceTokenRules>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<TokenKeySource>();
        builder.Services.AddSingleton<TokenKeys>();
        builder.Services.AddHostedService<TokenKeyLoader>();
        builder.Services.AddHealthChecks().AddCheck<TokenKeys>("token-keys");
        builder.Services.AddHttpClient(TokenKeySource.ClientName, client =>
            {
                client.Timeout = KeySetPatience;
                client.MaxResponseContentBufferSize = TokenKeySource.LargestSetBytes;
            })
            // Asked five times a second until the gateway is there: the breaker of other clients would open, and then keep us waiting.
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear())
            .AddServiceDiscovery();
    }

    private static TokenValidationParameters Rules(string audience, string issuer, TokenKeys keys, TimeProvider time) => new()
    {
        ValidIssuer = issuer,
        ValidAudience = audience,
        ValidTypes = ["at+jwt"], // RFC 9068: no other kind of token that the gateway may sign one day
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        NameClaimType = ClientClaims.Name,
        RoleClaimType = ClientClaims.Role,
        ClockSkew = ClockSkew,
        IssuerSigningKeyResolver = (_, _, kid, _) => keys.Find(kid) is { } key ? [key] : [],
        LifetimeValidator = (from, until, _, _) => IsCurrent(from, until, time.GetUtcNow().UtcDateTime),
    };

    // As the library does by itself, but by our clock.
    private static bool IsCurrent(DateTime? from, DateTime? until, DateTime now) =>
        until is not { } end ? throw new SecurityTokenNoExpirationException()
        : now > end + ClockSkew ? throw new SecurityTokenExpiredException()
        : from > now + ClockSkew ? throw new SecurityTokenNotYetValidException()
        : true;

    private sealed class ServiceTokenRules : IValidateOptions<ServiceTokenOptions>
    {
        public ValidateOptionsResult Validate(string? name, ServiceTokenOptions options) =>
            options.Objection() is { } objection ? ValidateOptionsResult.Fail(objection) : ValidateOptionsResult.Success;
    }
}
