using System.ComponentModel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Shabou.Gateway.RateLimiting;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.People.SignIn;

/// <summary>The way to Google and back.</summary>
internal static class SignInEndpoints
{
    internal const string Begin = "/google";
    internal const string Callback = "/google/callback";

    internal static void MapSignIn(this RouteGroupBuilder auth)
    {
        auth.MapGet(Begin, BeginAsync).WithName("BeginGoogleSignIn").WithSummary("Sign in with Google").AllowAnonymous().RequireRateLimiting(RateLimits.PerClient);
        auth.MapGet(Callback, CallbackAsync).WithName("FinishGoogleSignIn").AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>Sends the browser to Google.</summary>
    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> BeginAsync(
        [Description("Where the code goes: an address of an allowed origin. Without it the gateway shows the code itself.")] string? returnUrl,
        [Description("PKCE, S256: needed with returnUrl.")] string? codeChallenge, HttpContext http, IOptions<GoogleOptions> google, ReturnAddresses addresses)
    {
        if (!google.Value.IsSetUp)
            return NotSetUp();
        var properties = new AuthenticationProperties { RedirectUri = "/" };
        if (returnUrl is not null)
        {
            if (!addresses.TryRead(returnUrl, http.Request, out var address))
                return Problem.Invalid("returnUrl", "must be an address of one of Cors:Origins, or a path of this gateway, without a fragment.");
            properties.Items[FinishSignIn.ReturnTo] = address;
        }
        if (returnUrl is not null || codeChallenge is not null)
        {
            if (!OneTimeSecret.IsWellFormed(codeChallenge))
                return Problem.Invalid("codeChallenge", "must be the SHA-256 of the code verifier in base64url without padding, 43 characters (PKCE, S256).");
            properties.Items[FinishSignIn.Challenge] = codeChallenge;
        }
        await http.ChallengeAsync(GoogleHandler.Name, properties);
        return TypedResults.Empty;
    }

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> CallbackAsync(
        HttpContext http, IOptions<GoogleOptions> google, IAuthenticationHandlerProvider handlers)
    {
        if (!google.Value.IsSetUp)
            return NotSetUp();
        var handler = (IAuthenticationRequestHandler)(await handlers.GetHandlerAsync(http, GoogleHandler.Name))!;
        await handler.HandleRequestAsync(); // answers always: FinishSignIn or SignInFailures
        return TypedResults.Empty;
    }

    private static ProblemHttpResult NotSetUp() => Problem.Of(ProblemTypes.NotFound,
        "Signing in is not set up here: the gateway lacks Google:ClientId, Google:ClientSecret and Google:HostedDomain. Use an API key, or ask an administrator.");
}
