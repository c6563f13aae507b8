namespace Shabou.Migrator.Passwords;

/// <summary>Where passwords lie that are replaced while services run.</summary>
internal sealed class RotationOptions
{
    public const string Section = "Rotation";

    /// <summary>A folder with a folder per role (<c>catalog</c>, <c>gateway</c> ...) which the services of that role mount as <c>Secrets:Folder</c>, and one for
    /// <c>migrator</c>. No default: without it passwords are those of the configuration.</summary>
    public string? Folder { get; init; }
}
