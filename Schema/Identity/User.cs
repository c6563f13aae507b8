namespace Shabou.Schema.Identity;

/// <summary>A person who signs in. Known by the identity provider's subject; the e-mail address may change there.</summary>
public sealed class User
{
    public const int EmailMaxLength = 320;
    public const int NameMaxLength = 200;
    public const int SubjectMaxLength = 255;

    public required Guid Id { get; init; }

    /// <summary><c>sub</c> at the identity provider. Unique.</summary>
    public required string Subject { get; init; }

    /// <summary>Lower case, verified by the provider. Unique.</summary>
    public required string Email { get; set; }

    public required string Name { get; set; }

    public required UserRole Role { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>PostgreSQL's xmin: changes with each write.</summary>
    public uint Version { get; init; }
}

/// <summary>What a person may do. Stored as text.</summary>
public enum UserRole
{
    /// <summary>Nothing: who signs in for the first time waits for an administrator.</summary>
    NoAccess,

    /// <summary>Daily work.</summary>
    User,

    /// <summary>Everything.</summary>
    Admin,
}
