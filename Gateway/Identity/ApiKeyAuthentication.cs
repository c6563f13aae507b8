using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Identity.Tokens;
using Shabou.Gateway.Problems;
using Shabou.Schema.Identity;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Identity;

/// <summary>Knows the client by <c>X-Api-Key</c>. Each way to fail has its own sentence, and none tells whether a key exists.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    ApiKeyDirectory directory, Revocations revocations, IProblemDetailsService problems)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string HowTo = $"Send your key in the header {ApiKeys.Header}, or a token as Authorization: Bearer <token>.";
    private const string NotValid = "The API key is not known, has expired or was revoked.";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var sent = Request.Headers[ApiKeys.Header];
        if (sent is not [{ Length: > 0 } key])
            return sent.Count > 1 ? AuthenticateResult.Fail($"{ApiKeys.Header} was sent {sent.Count.ToString(CultureInfo.InvariantCulture)} times.")
                : AuthenticateResult.NoResult();
        if (key.Length is < ApiKey.KeyMinLength or > 200)
            return AuthenticateResult.Fail(NotValid);
        try
        {
            return await directory.FindAsync(key, Context.RequestAborted) is { } known && IsValid(known)
                ? AuthenticateResult.Success(new AuthenticationTicket(known.Caller.Principal, Scheme.Name))
                : AuthenticateResult.Fail(NotValid);
        }
        catch (ApiKeysUnavailableException error)
        {
            return AuthenticateResult.Fail(error);
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure;
        if (failure is ApiKeysUnavailableException)
        {
            await problems.RefuseAsync(Context, ProblemTypes.DatabaseUnavailable,
                "The database that holds the API keys does not answer. Try again later; your key may well be valid.", retryAfter: 5);
            return;
        }
        Response.Headers.WWWAuthenticate = new(["ApiKey realm=\"shabou\"", "Bearer realm=\"shabou\""]);
        await problems.RefuseAsync(Context, ProblemTypes.Unauthenticated,
            failure is null ? $"The request does not say who calls. {HowTo}" : $"{failure.Message} {HowTo}");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        problems.RefuseAsync(Context, ProblemTypes.Forbidden,
            $"The key {Context.User.Identity?.Name} has role {Context.User.FindFirstValue(ClientClaims.Role)}; ask an administrator for one that may.").AsTask();

    private bool IsValid(KnownKey key) => key.RevokedAt is null && !revocations.Contains(key.Id) && !(key.ExpiresAt <= TimeProvider.GetUtcNow());
}
