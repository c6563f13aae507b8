namespace Shabou.Gateway.People.Users;

/// <summary>A person who has signed in at least once.</summary>
/// <param name="Role">ADMIN, USER or NO_ACCESS.</param>
internal sealed record UserAnswer(Guid Id, string Email, string Name, string Role, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt);

/// <param name="Role">ADMIN, USER or NO_ACCESS.</param>
internal sealed record RoleRequest(string? Role);

/// <param name="Token">The installation's bootstrap token.</param>
internal sealed record BootstrapRequest(string? Token);

/// <param name="Role">ADMIN from now on.</param>
/// <param name="Next">What to do to use it.</param>
internal sealed record BootstrapAnswer(string Role, string Next);
