namespace Shabou.Schema.Identity;

/// <summary>One sign-in of a person: the family of all refresh tokens that grew from it. Revoking it ends them all, and the access tokens
/// that name it.</summary>
public sealed class Session
{
    public const int ReasonMaxLength = 32;

    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>No refresh after this, however often it was refreshed before.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Such as <c>sign-out</c>, <c>reuse</c> or <c>role-changed</c>.</summary>
    public string? RevokedReason { get; set; }
}

/// <summary>A refresh token: 256 random bits of which only the SHA-256 is kept. It works once; a second use revokes its session.</summary>
public sealed class RefreshToken
{
    /// <summary>32 bytes.</summary>
    public required byte[] Hash { get; init; }

    public required Guid SessionId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>What a browser carries from the sign-in page to its application, once and for a minute, to be exchanged for tokens.</summary>
public sealed class SignInCode
{
    public const int ChallengeMaxLength = 128;

    /// <summary>SHA-256 of the code, 32 bytes.</summary>
    public required byte[] Hash { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>PKCE, S256: the exchange must bring what hashes to this.</summary>
    public string? Challenge { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>Makes one signed-in person the first administrator, once.</summary>
public sealed class BootstrapToken
{
    /// <summary>SHA-256 of the token, 32 bytes.</summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    public Guid? UsedBy { get; set; }
}
