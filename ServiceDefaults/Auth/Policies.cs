using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>Names for <c>RequireAuthorization</c>. An endpoint that names none still requires an authenticated caller with access.</summary>
public static class Policies
{
    /// <summary>Callers with role ADMIN.</summary>
    public const string Admin = "Admin";

    /// <summary>Callers with role ADMIN or USER.</summary>
    public const string User = "User";

    /// <summary>Says that this program checks its callers itself, or not at all: no endpoint of it requires an authenticated caller.</summary>
    public static TBuilder AllowAnonymousCallers<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddSingleton<AnonymousCallers>();
        builder.Services.PostConfigure<AuthorizationOptions>(options => options.FallbackPolicy = null);
        return builder;
    }

    internal static void AddPolicies(this IHostApplicationBuilder builder)
    {
        builder.Services.AddAuthentication();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(Admin, policy => policy.RequireRole(ClientRoles.Admin))
            .AddPolicy(User, policy => policy.RequireRole(ClientRoles.Admin, ClientRoles.User))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireRole(ClientRoles.Admin, ClientRoles.User).Build());
    }

    internal static void UsePolicies(this WebApplication app, Action? beforeAuthorization)
    {
        var schemes = app.Services.GetRequiredService<IOptions<AuthenticationOptions>>().Value.Schemes;
        if (!schemes.Any() && app.Services.GetService<AnonymousCallers>() is null)
        {
            throw new InvalidOperationException(
                $"{app.Environment.ApplicationName} does not say who may call it: call builder.AddServiceAuth(\"name\"), add an authentication scheme, or call builder.AllowAnonymousCallers().");
        }

        app.UseAuthentication();
        beforeAuthorization?.Invoke();
        app.UseAuthorization();
    }

    private sealed class AnonymousCallers;
}

/// <summary>Values of the role claim.</summary>
public static class ClientRoles
{
    public const string Admin = "ADMIN";
    public const string User = "USER";

    /// <summary>Somebody we know and let do nothing: every endpoint that does not say otherwise answers 403.</summary>
    public const string NoAccess = "NO_ACCESS";
}

/// <summary>Claims of an authenticated caller, in every service and in the gateway.</summary>
public static class ClientClaims
{
    /// <summary>Stable id of the caller.</summary>
    public const string Subject = "sub";

    /// <summary>Name for people.</summary>
    public const string Name = "name";

    /// <summary>One of <see cref="ClientRoles"/>.</summary>
    public const string Role = "role";
}
