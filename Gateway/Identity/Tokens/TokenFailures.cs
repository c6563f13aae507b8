using Microsoft.IdentityModel.Tokens;

namespace Shabou.Gateway.Identity.Tokens;

/// <summary>Why a token is refused, in words that help its owner and nobody else.</summary>
internal static class TokenFailures
{
    internal const string NotReadable = "The token cannot be read; send it as it was issued.";
    internal const string Expired = "The token has expired; get a new one.";
    internal const string NotYetValid = "The token is not valid yet; check the clocks.";
    internal const string UnknownKey = "The token was not signed by a key of this system; get a new one.";

    internal static string SentenceFor(Exception error) => error switch
    {
        SecurityTokenExpiredException => Expired,
        SecurityTokenNotYetValidException => NotYetValid,
        SecurityTokenNoExpirationException or SecurityTokenInvalidLifetimeException => "The token has no valid times; get a new one.",
        SecurityTokenInvalidAudienceException => "The token is for somebody else than this gateway.",
        SecurityTokenInvalidIssuerException => "The token was not issued here.",
        SecurityTokenInvalidAlgorithmException => "The token is not signed by ES256.",
        SecurityTokenInvalidTypeException => "The token is not an access token.",
        SecurityTokenSignatureKeyNotFoundException => UnknownKey,
        SecurityTokenInvalidSignatureException => "The token's signature is wrong; send it as it was issued.",
        _ => NotReadable,
    };
}
