using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Net.Http.Headers;
using Shabou.Gateway.Identity.Keys;
using Shabou.Gateway.Identity.Machines;
using Shabou.Gateway.Identity.Tokens;

namespace Shabou.Gateway.Identity;

/// <summary>Who calls: a machine by its API key, anybody by a token of ours.</summary>
internal static class Identities
{
    private const string Scheme = "Caller";

    internal static void AddIdentity(this WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(Scheme).AddPolicyScheme(Scheme, displayName: null, options => options.ForwardDefaultSelector = SchemeOf);
        builder.AddKeyRing();
        builder.AddTokens();
        builder.AddApiKeys();
    }

    /// <summary>Comes directly before <c>UseAuthentication</c>, and <see cref="EndRememberedTokens"/> directly after.</summary>
    internal static IApplicationBuilder UseRememberedTokens(this IApplicationBuilder app) => app.Use(app.ApplicationServices.GetRequiredService<RememberedTokens>().Before);

    internal static IApplicationBuilder EndRememberedTokens(this IApplicationBuilder app) => app.Use(app.ApplicationServices.GetRequiredService<RememberedTokens>().After);

    internal static void MapIdentity(this WebApplication app)
    {
        app.UseMiddleware<ScopeRule>();
        app.MapKeySet();
        app.MapCaller();
        app.MapApiKeys();
        app.MapSigningKeys();
    }

    /// <summary>Whoever sends both is refused by the scheme for tokens.</summary>
    private static string SchemeOf(HttpContext http) =>
        http.Request.Headers.ContainsKey(HeaderNames.Authorization) ? JwtBearerDefaults.AuthenticationScheme : ApiKeys.Scheme;
}
