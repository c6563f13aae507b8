using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Shabou.Gateway.People.SignIn;

/// <summary>Sets up ASP.NET Core's OAuth handler for Google.</summary>
internal static class GoogleSignIn
{
    /// <summary><c>__Host-</c>: browsers take it over https only, from this host only, for all its paths. One per sign-in under way.</summary>
    internal const string CookiePrefix = "__Host-shabou-sign-in.";

    private static readonly TimeSpan UnderWayFor = TimeSpan.FromMinutes(10);

    internal static void AddGoogleSignIn(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<GoogleOptions>().BindConfiguration(GoogleOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<GoogleOptions>, GoogleRules>();
        builder.Services.AddSingleton<ReturnAddresses>();
        builder.Services.AddSingleton<GoogleKeys>();
        builder.Services.AddSingleton<IdTokens>();
        builder.Services.AddSingleton<FinishSignIn>();
        builder.Services.AddSingleton<SignInFailures>();
        builder.Services.AddAuthentication().AddOAuth<OAuthOptions, GoogleHandler>(GoogleHandler.Name, Configure);
        builder.Services.AddOptions<OAuthOptions>(GoogleHandler.Name).Configure<IOptions<GoogleOptions>>(static (oauth, google) =>
        {
            oauth.ClientId = google.Value.ClientId;
            oauth.ClientSecret = google.Value.ClientSecret;
            oauth.AuthorizationEndpoint = google.Value.AuthorizationEndpoint;
            oauth.TokenEndpoint = google.Value.TokenEndpoint;
            oauth.BackchannelTimeout = google.Value.Patience;
        });
        builder.Services.Replace(ServiceDescriptor.Singleton<IAuthenticationSchemeProvider, CallbacksAreEndpoints>());
    }

    private static void Configure(OAuthOptions oauth)
    {
        oauth.CallbackPath = PeopleSetup.AuthPath + SignInEndpoints.Callback;
        oauth.UsePkce = true;
        oauth.SaveTokens = false; // Google's tokens have done their work once they said who it is
        oauth.RemoteAuthenticationTimeout = UnderWayFor;
        // Not the clients of services: a code must not be sent twice, and Google is not to be discovered.
        oauth.BackchannelHttpHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        foreach (var scope in (ReadOnlySpan<string>)["openid", "email", "profile"])
            oauth.Scope.Add(scope);
        oauth.CorrelationCookie.Name = CookiePrefix;
        oauth.CorrelationCookie.Path = "/";
        oauth.CorrelationCookie.HttpOnly = true;
        oauth.CorrelationCookie.SecurePolicy = CookieSecurePolicy.Always;
        oauth.CorrelationCookie.SameSite = SameSiteMode.Lax; // the callback is a navigation that Google's page begins
        oauth.Events.OnTicketReceived = static ticket => ticket.HttpContext.RequestServices.GetRequiredService<FinishSignIn>().RunAsync(ticket);
        oauth.Events.OnRemoteFailure = static failed => failed.HttpContext.RequestServices.GetRequiredService<SignInFailures>().AnswerAsync(failed);
    }

    /// <summary>The callback is an endpoint, counted like any other; so no request pays for asking each remote handler whether it is meant.</summary>
    private sealed class CallbacksAreEndpoints(IOptions<AuthenticationOptions> options) : AuthenticationSchemeProvider(options)
    {
        public override Task<IEnumerable<AuthenticationScheme>> GetRequestHandlerSchemesAsync() => Task.FromResult<IEnumerable<AuthenticationScheme>>([]);
    }
}
