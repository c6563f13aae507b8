using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Shabou.Gateway.Identity.Keys;
using Shabou.Gateway.Identity.Tokens;
using Shabou.Schema;

namespace Shabou.Gateway.Identity;

/// <summary>Who calls: a machine by its API key, anybody by a token of ours.</summary>
internal static class Identities
{
    private const string Scheme = "Caller";

    internal static void AddIdentity(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services => NpgsqlDataSource.Create(
            services.GetRequiredService<IConfiguration>().GetConnectionString(ShabouContext.ConnectionName) ?? throw new InvalidOperationException("ConnectionStrings:shabou is missing.")));
        builder.Services.AddAuthentication(Scheme).AddPolicyScheme(Scheme, displayName: null, options => options.ForwardDefaultSelector = SchemeOf);
        builder.AddKeyRing();
        builder.AddTokens();
        builder.AddApiKeys();
    }

    internal static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        routes.MapKeySet();
        routes.MapCaller();
    }

    /// <summary>Whoever sends both is refused by the scheme for tokens.</summary>
    private static string SchemeOf(HttpContext http) =>
        http.Request.Headers.ContainsKey(HeaderNames.Authorization) ? JwtBearerDefaults.AuthenticationScheme : ApiKeys.Scheme;
}
