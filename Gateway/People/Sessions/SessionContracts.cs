namespace Shabou.Gateway.People.Sessions;

/// <summary>What is to be exchanged for tokens.</summary>
/// <param name="GrantType"><c>code</c>: Code and CodeVerifier. <c>api-key</c>: the key in X-Api-Key.</param>
/// <param name="Code">From the sign-in.</param>
/// <param name="CodeVerifier">What the sign-in's codeChallenge is the SHA-256 of.</param>
internal sealed record TokenRequest(string? GrantType, string? Code, string? CodeVerifier);

/// <param name="RefreshToken">The latest of the session; it works once.</param>
internal sealed record RefreshRequest(string? RefreshToken);

/// <param name="AccessToken">Send it as <c>Authorization: Bearer</c>.</param>
/// <param name="TokenType">Always Bearer.</param>
/// <param name="ExpiresIn">Seconds that AccessToken is valid.</param>
/// <param name="RefreshToken">For POST /api/v1/auth/refresh, once; null for a machine client, which has its key.</param>
/// <param name="RefreshExpiresIn">Seconds that RefreshToken is valid.</param>
internal sealed record TokenAnswer(string AccessToken, string TokenType, int ExpiresIn, string? RefreshToken, int? RefreshExpiresIn);
