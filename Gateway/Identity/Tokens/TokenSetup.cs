using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Shabou.Gateway.Identity.Keys;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.Gateway.Identity.Tokens;

internal static class TokenSetup
{
    internal static void AddTokens(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TokenWriter>();
        builder.Services.AddSingleton<AccessTokens>();
        builder.Services.AddSingleton<ServiceTokens>();
        builder.Services.AddSingleton<TokenMemory>();
        builder.Services.AddSingleton<RememberedTokens>();
        builder.Services.AddSingleton<Revocations>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Revocations>());
        builder.Services.AddHealthChecks().AddCheck<Revocations>(Revocations.CheckName);
        builder.Services.AddSingleton<BearerAuthentication>();
        builder.Services.AddAuthentication().AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<SigningKeys, IOptions<TokenOptions>, TimeProvider>(Configure);
    }

    private static void Configure(JwtBearerOptions bearer, SigningKeys keys, IOptions<TokenOptions> options, TimeProvider time)
    {
        bearer.EventsType = typeof(BearerAuthentication);
        bearer.MapInboundClaims = false;
        bearer.SaveToken = false;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = options.Value.Issuer, ValidAudience = AccessTokens.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256], ValidTypes = [TokenWriter.Type],
            RequireSignedTokens = true, RequireExpirationTime = true, TryAllIssuerSigningKeys = false,
            NameClaimType = ClientClaims.Name, RoleClaimType = ClientClaims.Role,
            IssuerSigningKeyResolver = (_, _, kid, _) => keys.Current?.Find(kid, time.GetUtcNow()) is { } key ? [key.Public] : [],
            LifetimeValidator = (notBefore, expires, _, _) => IsAlive(notBefore, expires, options.Value.Skew, time.GetUtcNow().UtcDateTime),
        };
    }

    /// <remarks>By our own clock, which tests can move; the library's is the system's.</remarks>
    private static bool IsAlive(DateTime? notBefore, DateTime? expires, TimeSpan skew, DateTime now) =>
        expires is not { } end ? throw new SecurityTokenNoExpirationException()
        : now >= end + skew ? throw new SecurityTokenExpiredException()
        : notBefore > now + skew ? throw new SecurityTokenNotYetValidException()
        : true;
}
