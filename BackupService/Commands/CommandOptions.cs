using System.ComponentModel.DataAnnotations;

namespace Shabou.BackupService.Commands;

/// <summary>Who may order backups. Section <c>BackupCommands</c>.</summary>
public sealed class CommandOptions
{
    public const string Section = "BackupCommands";

    /// <summary>What an order must carry in X-Backup-Key. No default: without it the service does not start.</summary>
    [Required(ErrorMessage = "BackupCommands:Key is not set: give the service the key that orders carry, at least 32 characters."), MinLength(32, ErrorMessage = "BackupCommands:Key must have at least 32 characters.")]
    public string Key { get; set; } = "";
}

internal static class CommandSetup
{
    public static void AddCommandKey(this IHostApplicationBuilder builder) =>
        builder.Services.AddOptions<CommandOptions>().BindConfiguration(CommandOptions.Section).ValidateDataAnnotations().ValidateOnStart();
}
