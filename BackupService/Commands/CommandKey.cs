using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Shabou.BackupService.Commands;

/// <summary>Who may order backups. Section <c>BackupCommands</c>.</summary>
public sealed class CommandOptions
{
    public const string Section = "BackupCommands";

    /// <summary>What an order must carry in X-Backup-Key. No default: without it the service does not start.</summary>
    [Required(ErrorMessage = "BackupCommands:Key is not set: give the service the key that orders carry, at least 32 characters."), MinLength(32, ErrorMessage = "BackupCommands:Key must have at least 32 characters.")]
    public string Key { get; set; } = "";
}

/// <summary>Lets an order pass that carries the key.</summary>
internal sealed class CommandKey(IOptions<CommandOptions> options) : IEndpointFilter
{
    public const string Header = "X-Backup-Key";
    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(options.Value.Key));

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var sent = SHA256.HashData(Encoding.UTF8.GetBytes(context.HttpContext.Request.Headers[Header].ToString()));
        return CryptographicOperations.FixedTimeEquals(sent, _key)
            ? await next(context)
            : TypedResults.Problem($"Send the key BackupCommands:Key in the header {Header}.", statusCode: StatusCodes.Status401Unauthorized, title: "The key is missing or wrong.");
    }
}

internal static class CommandSetup
{
    public static void AddCommandKey(this IHostApplicationBuilder builder) =>
        builder.Services.AddOptions<CommandOptions>().BindConfiguration(CommandOptions.Section).ValidateDataAnnotations().ValidateOnStart();
}
