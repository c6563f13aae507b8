using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.People.SignIn;

/// <summary>A person as the provider vouches for them.</summary>
/// <param name="Subject">Stable and unique there.</param>
/// <param name="Email">Lower case, verified, of the hosted domain.</param>
/// <param name="Name">For people; the e-mail address when the provider tells none.</param>
internal sealed record GooglePerson(string Subject, string Email, string Name);

/// <summary>Believes an identity token only when the provider signed it for this gateway, for this sign-in, about somebody of the hosted domain.</summary>
/// <remarks>The <c>hd</c> that the browser carried to the provider is a wish that anybody can edit; what counts is the one in the token.</remarks>
internal sealed class IdTokens(GoogleKeys keys, IOptions<GoogleOptions> options, TimeProvider time)
{
    private const int LongestToken = 16_384;
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = LongestToken };

    /// <exception cref="SignInRefusedException">The token proves nothing, or the person is not of the domain; the sentence says which.</exception>
    internal async Task<GooglePerson> VerifyAsync(string? text, string? nonce, CancellationToken cancellationToken)
    {
        if (text is null or { Length: > LongestToken } || !Handler.CanReadToken(text))
            throw SignInRefusedException.Forbidden("Google sent no identity token that can be read. Begin again.");
        var token = await ProvenAsync(new JsonWebToken(text), cancellationToken);
        if (string.IsNullOrEmpty(nonce) || !token.TryGetPayloadValue("nonce", out string told) || told != nonce)
            throw SignInRefusedException.Forbidden("The identity token belongs to another sign-in. Begin again.");
        return PersonIn(token, options.Value.HostedDomain);
    }

    private async Task<JsonWebToken> ProvenAsync(JsonWebToken token, CancellationToken cancellationToken)
    {
        var key = await keys.FindAsync(token.Kid, cancellationToken);
        var google = options.Value;
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ValidIssuers = [google.Issuer, google.Issuer.Replace("https://", "", StringComparison.Ordinal)],
            ValidAudience = google.ClientId,
            RequireExpirationTime = true,
            LifetimeValidator = (from, until, _, _) => until > (time.GetUtcNow() - Skew).UtcDateTime && !(from > (time.GetUtcNow() + Skew).UtcDateTime),
        });
        return result.IsValid ? token : throw SignInRefusedException.Forbidden(result.Exception switch
        {
            SecurityTokenInvalidIssuerException => "The identity token is not from Google. Begin again.",
            SecurityTokenInvalidAudienceException => "The identity token is meant for another application. Begin again.",
            SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNoExpirationException =>
                "The identity token has expired or is not valid yet. Begin again; if it happens again, look at this machine's clock.",
            _ => "The identity token is not signed by Google. Begin again.",
        });
    }

    private static GooglePerson PersonIn(JsonWebToken token, string domain)
    {
        if (!token.TryGetPayloadValue("hd", out string hosted) || hosted != domain)
            throw SignInRefusedException.Forbidden($"Only accounts of {domain} may sign in. Choose yours, or ask for one.");
        if (!token.TryGetPayloadValue("email", out string email) || !token.TryGetPayloadValue("email_verified", out bool verified) || !verified)
            throw SignInRefusedException.Forbidden("Google has not verified the e-mail address of this account. Verify it there, then sign in again.");
        email = email.ToLowerInvariant();
        if (!email.EndsWith('@' + domain, StringComparison.Ordinal) || email.Length > User.EmailMaxLength || email.Any(char.IsControl))
            throw SignInRefusedException.Forbidden($"The e-mail address of this account is not one of {domain}. Choose the account whose address is.");
        if (token.Subject is not { Length: > 0 and <= User.SubjectMaxLength } subject)
            throw SignInRefusedException.Forbidden("Google did not say whose account this is. Begin again.");
        var name = token.TryGetPayloadValue("name", out string told) && !string.IsNullOrWhiteSpace(told) ? told.Trim() : email;
        return new GooglePerson(subject, email, name.Length > User.NameMaxLength ? name[..User.NameMaxLength] : name);
    }
}
