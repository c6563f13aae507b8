using Shabou.Schema.Identity;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.Gateway.People.Users;

/// <summary>Roles as tokens and callers name them.</summary>
internal static class UserRoles
{
    internal const string NoAccess = "NO_ACCESS";

    internal static string NameOf(UserRole role) => role switch
    {
        UserRole.Admin => ClientRoles.Admin,
        UserRole.User => ClientRoles.User,
        _ => NoAccess,
    };

    internal static UserRole? Read(string? name) => name switch
    {
        ClientRoles.Admin => UserRole.Admin,
        ClientRoles.User => UserRole.User,
        NoAccess => UserRole.NoAccess,
        _ => null,
    };
}
