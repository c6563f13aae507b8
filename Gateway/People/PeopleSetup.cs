using Shabou.Gateway.People.Sessions;
using Shabou.Gateway.People.SignIn;
using Shabou.Gateway.People.Users;
using Shabou.Gateway.RateLimiting;

namespace Shabou.Gateway.People;

/// <summary>People sign in with Google, stay signed in by refresh tokens, and may do what an administrator lets them.</summary>
internal static class PeopleSetup
{
    internal const string AuthPath = "/api/v1/auth";

    internal static void AddPeople(this WebApplicationBuilder builder)
    {
        builder.AddGoogleSignIn();
        builder.AddSessions();
        builder.Services.AddSingleton<UserDirectory>();
    }

    internal static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup(AuthPath).WithTags("Signing in").RequireRateLimiting(RateLimits.Login).AddEndpointFilter(KeepToCaller);
        auth.MapSignIn();
        auth.MapSessions();
        auth.MapBootstrap();
        routes.MapUsers().AddEndpointFilter(KeepToCaller);
    }

    /// <summary>Answers with secrets or people in them are neither stored on the way nor compressed, since a secret's length would tell about it.</summary>
    private static ValueTask<object?> KeepToCaller(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        invocation.HttpContext.Response.Headers.CacheControl = "no-store, no-transform";
        return next(invocation);
    }
}
