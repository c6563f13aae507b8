using System.ComponentModel.DataAnnotations;

namespace Shabou.Migrator;

/// <summary>What Migrator is told, by environment or configuration.</summary>
internal sealed class MigratorOptions
{
    /// <summary>The root of configuration.</summary>
    public const string Section = "";

    /// <summary>Passwords by role: <c>Roles:catalog:Password</c> and so on. A role without one cannot log in.</summary>
    public Dictionary<string, RoleOptions> Roles { get; init; } = [];

    /// <summary>The administrator's API key, at least 32 characters; stored hashed. Empty: no key is made.</summary>
    [MinLength(32, ErrorMessage = "AdminApiKey must have at least 32 characters; set the parameter admin-api-key.")]
    public string? AdminApiKey { get; init; }

    /// <summary>What makes one signed-in person the first administrator, at least 32 characters; stored hashed. Empty: none is made.</summary>
    [MinLength(32, ErrorMessage = "BootstrapToken must have at least 32 characters; set the parameter bootstrap-token.")]
    public string? BootstrapToken { get; init; }

    /// <summary>Name of the database that may be migrated without a dump made before, and without a verified backup of the last 24 hours. Default: none may.</summary>
    public string? WithoutBackupOf { get; init; }

    /// <summary>How many parts the demo data set has. Only used in Development.</summary>
    [Range(0, 100_000)] public int DemoParts { get; init; } = 2_000;
}

/// <summary>One entry of <see cref="MigratorOptions.Roles"/>.</summary>
internal sealed class RoleOptions
{
    /// <summary>At least 16 characters.</summary>
    [Required, MinLength(16)] public string Password { get; init; } = "";
}
