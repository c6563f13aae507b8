using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.Gateway.People.SignIn;

/// <summary>ASP.NET Core's OAuth handler (code, state, PKCE, correlation cookie), and what OpenID Connect adds: a nonce and an identity token.</summary>
internal sealed class GoogleHandler(
    IOptionsMonitor<OAuthOptions> options, ILoggerFactory logger, UrlEncoder encoder, IdTokens idTokens, IOptions<GoogleOptions> google)
    : OAuthHandler<OAuthOptions>(options, logger, encoder)
{
    internal const string Name = "Google";
    internal const string EmailClaim = "email";
    private const string Nonce = ".nonce";

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        ArgumentNullException.ThrowIfNull(properties);
        var nonce = OneTimeSecret.New().Text;
        properties.Items[Nonce] = nonce; // travels in the state, which only gateways can read
        return QueryHelpers.AddQueryString(base.BuildChallengeUrl(properties, redirectUri), new Dictionary<string, string?>
        {
            ["nonce"] = nonce,
            ["hd"] = google.Value.HostedDomain,
            ["prompt"] = "select_account",
        });
    }

    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        try
        {
            var answer = await base.ExchangeCodeAsync(context);
            return answer.Error is not { } error ? answer : throw (error.Data["error"] as string) switch
            {
                "invalid_grant" => SignInRefusedException.Forbidden("Google did not accept the code of this sign-in: it was used before, or is too old. Begin again."),
                var code => SignInRefusedException.Upstream($"Google refused this gateway ({code ?? "no reason given"}); an administrator should look at Google:ClientId and Google:ClientSecret.", error),
            };
        }
        catch (Exception error) when (error is HttpRequestException or JsonException || (error is OperationCanceledException && !Context.RequestAborted.IsCancellationRequested))
        {
            throw SignInRefusedException.Upstream("Google does not answer, or not as it should. Try again later.", error);
        }
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(properties);
        ArgumentNullException.ThrowIfNull(tokens);
        var idToken = tokens.Response!.RootElement.TryGetProperty("id_token", out var sent) && sent.ValueKind == JsonValueKind.String ? sent.GetString() : null;
        var person = await idTokens.VerifyAsync(idToken, properties.Items.TryGetValue(Nonce, out var nonce) ? nonce : null, Context.RequestAborted);
        identity.AddClaims([new(ClientClaims.Subject, person.Subject), new(EmailClaim, person.Email), new(ClientClaims.Name, person.Name)]);
        return new AuthenticationTicket(new ClaimsPrincipal(identity), properties, Scheme.Name);
    }
}
